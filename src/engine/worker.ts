import { parentPort, workerData } from 'node:worker_threads';
import * as l10n from '@vscode/l10n';
import { createBirpc } from 'birpc';
import type { EngineApi, EngineWorkerData, HostApi } from './api.ts';
import { Engine } from './engine.ts';

/** The engine in a worker thread of the extension host: calls both ways go over the one port. */
if (parentPort === null) throw new Error('This file runs as a worker thread.');
const port = parentPort;
const data = workerData as EngineWorkerData;

// The one state of the whole process: a thread speaks one language, and no sentence should need it handed down.
if (data.texts !== undefined) l10n.config({ contents: { ...data.texts } });

// Each side needs the other first: the engine is made with a host that calls through the rpc made right after it.
const engine: Engine = new Engine(data, {
  secretDsn: (codeLocation) => host.secretDsn(codeLocation),
  authToken: (name) => host.authToken(name),
  changed: (change) => void host.changed.asEvent(change),
  notify: (message) => void host.notify.asEvent(message),
  log: (level, message) => void host.log.asEvent(level, message),
});
const host = createBirpc<HostApi, EngineApi>(engine, {
  bind: 'functions',
  post: (message) => port.postMessage(message),
  on: (receive) => port.on('message', receive),
  timeout: -1,
});
