import { dagsterVersions } from '../../../scripts/python.ts';
import { describeVersion } from './version.ts';

for (const version of dagsterVersions) describeVersion(version);
