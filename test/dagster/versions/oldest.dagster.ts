import { dagsterVersions } from '../../../scripts/python.ts';
import { describeVersion } from './version.ts';

// The newest is what all other tests run on.
describeVersion(dagsterVersions[0]);
