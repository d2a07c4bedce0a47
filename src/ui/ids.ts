/**
 * Every name that package.json and the code share. A test compares both, so that a command without a handler, a handler
 * without a command, or a setting that nobody declares does not pass.
 */
import type { DeliveryMode, InstanceStatus } from '../engine/api.ts';

export const COMMANDS = {
  sendTestCheck: 'firedrill.sendTestCheck',
  sendTestRun: 'firedrill.sendTestRun',
  previewTestCheck: 'firedrill.previewTestCheck',
  preview: 'firedrill.preview',
  send: 'firedrill.send',
  sendToInbox: 'firedrill.sendToInbox',
  dismiss: 'firedrill.dismiss',
  undoDismiss: 'firedrill.undoDismiss',
  openInDagster: 'firedrill.openInDagster',
  copyRunId: 'firedrill.copyRunId',
  copyMessage: 'firedrill.copyMessage',
  openFailingLine: 'firedrill.openFailingLine',
  compareFailures: 'firedrill.compareFailures',
  compareWith: 'firedrill.compareWith',
  groupFailures: 'firedrill.groupFailures',
  filterFailures: 'firedrill.filterFailures',
  searchFailures: 'firedrill.searchFailures',
  clearFilter: 'firedrill.clearFilter',
  chooseInstance: 'firedrill.chooseInstance',
  connectWebserver: 'firedrill.connectWebserver',
  readInstance: 'firedrill.readInstance',
  searchInstance: 'firedrill.searchInstance',
  setDsn: 'firedrill.setDsn',
  deleteDsn: 'firedrill.deleteDsn',
  setAuthToken: 'firedrill.setAuthToken',
  openIssue: 'firedrill.openIssue',
  tickNow: 'firedrill.tickNow',
  startSensor: 'firedrill.startSensor',
  stopSensor: 'firedrill.stopSensor',
  setCursor: 'firedrill.setCursor',
  lookBack: 'firedrill.lookBack',
  showTicks: 'firedrill.showTicks',
  goToTick: 'firedrill.goToTick',
  filterTicks: 'firedrill.filterTicks',
  clearTickFilter: 'firedrill.clearTickFilter',
  openTicksInEditor: 'firedrill.openTicksInEditor',
  turnOnAutomatic: 'firedrill.turnOnAutomatic',
  hold: 'firedrill.hold',
  retryDelivery: 'firedrill.retryDelivery',
  cancelDelivery: 'firedrill.cancelDelivery',
  removeDelivery: 'firedrill.removeDelivery',
  openInboxEvent: 'firedrill.openInboxEvent',
  whichFailure: 'firedrill.whichFailure',
  copyEventId: 'firedrill.copyEventId',
  copyInboxDsn: 'firedrill.copyInboxDsn',
  clearInbox: 'firedrill.clearInbox',
  openSpecimen: 'firedrill.openSpecimen',
  getStarted: 'firedrill.getStarted',
  openSettings: 'firedrill.openSettings',
  showLog: 'firedrill.showLog',
} as const;
export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

/** Commands that only rows of a tree, its keys and the walkthrough run; they have no entry in the palette. */
export const INTERNAL_COMMANDS = {
  openRow: 'firedrill.internal.openRow',
  keyOnRow: 'firedrill.internal.keyOnRow',
  enterRow: 'firedrill.internal.enterRow',
  showMore: 'firedrill.internal.showMore',
  showMoreGroups: 'firedrill.internal.showMoreGroups',
  showMoreSent: 'firedrill.internal.showMoreSent',
  connected: 'firedrill.internal.connected',
  accepted: 'firedrill.internal.accepted',
} as const;
export type InternalCommandId = (typeof INTERNAL_COMMANDS)[keyof typeof INTERNAL_COMMANDS];

export const CONTAINERS = { activityBar: 'firedrill', panel: 'firedrill-panel' } as const;

export const VIEWS = {
  failures: 'firedrill.failures',
  sensors: 'firedrill.sensors',
  sent: 'firedrill.sent',
  ticks: 'firedrill.ticks',
} as const;

/** Its id is made of the extension's and that of package.json. */
export const WALKTHROUGH = { id: 'firstAlert', steps: ['connect', 'see', 'preview', 'send'] } as const;

/** The preview is an editor, not a view: of package.json only the activation event names it. */
export const PREVIEW_TYPE = 'firedrill.preview';
/** Sensor Ticks as an editor. */
export const TICKS_TYPE = 'firedrill.ticksEditor';
/** Scheme of the read-only documents that show an event as JSON. */
export const DOCUMENT_SCHEME = 'firedrill';
/** Their language: JSON in which VS Code makes no link of an address. */
export const EVENT_LANGUAGE = 'firedrill-event';

export const SETTINGS_SECTION = 'firedrill';
export const SETTINGS = [
  'dagsterHome',
  'webserverUrl',
  'delivery',
  'skipRetried',
  'environment',
  'oemPattern',
  'tickInterval',
  'peekInterval',
  'inboxPort',
  'notifyFailures',
] as const;
export type SettingName = (typeof SETTINGS)[number];

/** Context keys for `when` clauses, with their values. */
export interface ContextValues {
  /** `searching` until the engine has answered. */
  'firedrill.instance': 'restricted' | InstanceStatus['state'];
  'firedrill.delivery': DeliveryMode;
  'firedrill.inbox': 'listening' | 'off';
  'firedrill.inboxHasEvents': boolean;
  'firedrill.webserver': boolean;
  /** Whether the Failures view lists something, pending or not; `unknown` until its first answer. */
  'firedrill.listed': 'unknown' | 'none' | 'some';
  /** The Failures view leaves pending failures out, or lists others. */
  'firedrill.filtered': boolean;
  /** A delivery waits or is being sent. */
  'firedrill.hasWaiting': boolean;
  'firedrill.hasFailed': boolean;
  /** Something has arrived, in Sentry or in the inbox. */
  'firedrill.hasAccepted': boolean;
  'firedrill.sensorRunning': boolean;
  'firedrill.sensorStopped': boolean;
  'firedrill.hasSecretDsn': boolean;
  /** The Sensor Ticks panel leaves ticks out. */
  'firedrill.ticksFiltered': boolean;
}
export type ContextKey = keyof ContextValues;
/** For the test that compares them with package.json: an object, so that a forgotten one does not compile. */
export const CONTEXT_KEYS: Readonly<Record<ContextKey, true>> = {
  'firedrill.instance': true,
  'firedrill.delivery': true,
  'firedrill.inbox': true,
  'firedrill.inboxHasEvents': true,
  'firedrill.webserver': true,
  'firedrill.listed': true,
  'firedrill.filtered': true,
  'firedrill.hasWaiting': true,
  'firedrill.hasFailed': true,
  'firedrill.hasAccepted': true,
  'firedrill.sensorRunning': true,
  'firedrill.sensorStopped': true,
  'firedrill.hasSecretDsn': true,
  'firedrill.ticksFiltered': true,
};

/** `viewItem` of tree rows: words that menus match with a regular expression, e.g. `failure run pending withRun`. */
export const ROWS = {
  failure: 'failure',
  sensor: 'sensor',
  delivery: 'delivery',
  inbox: 'inbox',
  inboxEvent: 'inboxEvent',
} as const;
