import * as vscode from 'vscode';
import type { CodeLocationStatus, SensorName } from '../../engine/api.ts';
import type { Configuration } from '../configuration.ts';
import { COMMANDS } from '../ids.ts';
import { withProgress } from '../progress.ts';
import { ask, sayInfo } from '../say.ts';
import type { Sending } from '../sending.ts';
import type { Session } from '../session.ts';
import { sensorOf } from './arguments.ts';
import type { Handler } from './register.ts';

/** Commands on the hosted sensors, and on what becomes of what they find. */
export function sensorCommands(session: Session, configuration: Configuration, sending: Sending) {
  const pick = async (args: readonly unknown[], running: boolean | null): Promise<SensorName | undefined> => {
    const named = sensorOf(args);
    if (named !== undefined) return named;
    const sensors = (session.overview?.sensors ?? []).filter(
      (sensor) => running === null || sensor.running === running,
    );
    const [only] = sensors;
    if (sensors.length === 1 && only) return only.name;
    const items = sensors.map((sensor) => ({
      label: sensor.name,
      name: sensor.name,
      description: sensor.running ? vscode.l10n.t('running') : vscode.l10n.t('stopped'),
    }));
    return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which sensor?') }))?.name;
  };
  const setRunning =
    (running: boolean): Handler =>
    async (...args) => {
      const sensor = await pick(args, !running);
      if (sensor !== undefined) await session.call((engine) => engine.setSensorRunning(sensor, running));
    };

  return {
    [COMMANDS.tickNow]: async (...args) => {
      const named = sensorOf(args);
      const sensors = named === undefined ? (session.overview?.sensors ?? []).map((sensor) => sensor.name) : [named];
      await Promise.all(sensors.map((sensor) => session.call((engine) => engine.tickNow(sensor))));
    },
    [COMMANDS.startSensor]: setRunning(true),
    [COMMANDS.stopSensor]: setRunning(false),
    [COMMANDS.setCursor]: async (...args) => {
      const sensor = await pick(args, null);
      if (sensor === undefined) return;
      const text = await vscode.window.showInputBox({
        title: vscode.l10n.t('Set Cursor of {0}', sensor),
        prompt: vscode.l10n.t(
          'A storage id of the event log: the sensor reads on behind it. 0 reads the whole log again.',
        ),
        value: session.overview?.sensors.find((status) => status.name === sensor)?.cursor ?? '',
        validateInput: (value) =>
          /^\s*\d{1,15}\s*$/.test(value) ? undefined : vscode.l10n.t('A whole number from 0.'),
      });
      if (text !== undefined) await session.call((engine) => engine.setCursor(sensor, Number(text)));
    },
    [COMMANDS.lookBack]: async (...args) => {
      const hours = typeof args[0] === 'number' ? args[0] : await askHours();
      if (hours === undefined) return;
      let cancelled = false;
      const found = await withProgress(
        vscode.l10n.t('Looking back {0} hours', hours),
        session.call((engine) => engine.lookBack(hours)),
        () => {
          cancelled = true;
          void session.call((engine) => engine.cancelLookBack());
        },
      );
      if (found === 0 && !cancelled) sayInfo(vscode.l10n.t('No other failure in the last {0} hours.', hours));
    },
    [COMMANDS.turnOnAutomatic]: () => turnOnAutomatic(session, configuration, sending),
    [COMMANDS.hold]: async () => {
      await configuration.confirmAutomatic(false);
      if (configuration.wantsAutomatic) await configuration.write('delivery', 'hold');
      await session.configure();
    },
  } satisfies Partial<Record<string, Handler>>;
}

async function askHours(): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Look Back'),
    prompt: vscode.l10n.t('How many hours back? Failures of that time are listed; none of them is sent by itself.'),
    value: '24',
    validateInput: (value) =>
      Number(value) > 0 && Number(value) <= 8760
        ? undefined
        : vscode.l10n.t('A number of hours, at most 8760 (a year).'),
  });
  return text === undefined ? undefined : Number(text);
}

/** Asks before anything is sent by itself: names where to, and who else may send the same. */
export async function turnOnAutomatic(session: Session, configuration: Configuration, sending: Sending): Promise<void> {
  const locations = session.overview?.codeLocations ?? [];
  const yes = await ask(
    vscode.l10n.t('Send every failure that Firedrill finds from now on?'),
    automaticDetail(locations),
    vscode.l10n.t('Turn On Automatic Delivery'),
  );
  if (!yes) return;
  for (const location of locations) {
    if (location.dsn.state !== 'found') continue;
    const { target } = location.dsn;
    const { l10n } = vscode;
    const question = l10n.t(
      'Send failures of {0} to Sentry project {1} on {2}?',
      location.name,
      target.project,
      target.host,
    );
    if (!(await sending.agree(target, question))) return;
  }
  await configuration.confirmAutomatic(true);
  if (!configuration.wantsAutomatic) await configuration.write('delivery', 'automatic');
  await session.configure();
}

function automaticDetail(locations: readonly CodeLocationStatus[]): string {
  const lines: string[] = [];
  for (const { name, dsn, ownSensors } of locations) {
    const to =
      dsn.state === 'found'
        ? vscode.l10n.t('to Sentry project {0} on {1}', dsn.target.project, dsn.target.host)
        : vscode.l10n.t('held: no DSN');
    lines.push(`${name}: ${to}`);
    if (ownSensors.length > 0) {
      lines.push(
        vscode.l10n.t('    These sensors of the project run and may send the same: {0}', ownSensors.join(', ')),
      );
    }
  }
  if (locations.length === 0)
    lines.push(vscode.l10n.t('No code location is known yet. Failures without a DSN are held.'));
  lines.push('', vscode.l10n.t('Failures already listed are not sent. “Hold Delivery” turns it off.'));
  return lines.join('\n');
}
