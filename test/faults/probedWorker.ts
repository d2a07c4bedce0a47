// The engine's worker with the probe in it.
import './probe.ts';
import '../../src/engine/worker.ts';
