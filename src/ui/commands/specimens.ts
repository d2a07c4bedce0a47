import * as vscode from 'vscode';
import type { FailureId } from '../../engine/api.ts';
import { COMMANDS } from '../ids.ts';
import type { PreviewPanel } from '../preview/panel.ts';
import { sayInfo } from '../say.ts';
import type { Sending } from '../sending.ts';
import type { Session } from '../session.ts';
import { listSpecimens, type SpecimenFile } from '../specimens.ts';
import { dotted, inert } from '../text.ts';
import { textOf } from './arguments.ts';
import type { Handler } from './register.ts';

type Item = vscode.QuickPickItem & { readonly file: SpecimenFile };

/** The command on the specimens of the workspace: each is previewed, or sent at once with its button. */
export function specimenCommands(session: Session, sending: Sending, preview: PreviewPanel) {
  const use = async (file: SpecimenFile, send: boolean): Promise<void> => {
    if ('problem' in file) {
      await vscode.window.showTextDocument(file.uri);
      throw new Error(vscode.l10n.t('{0} is no specimen: {1}', `${file.name}.json`, file.problem));
    }
    const { specimen } = file;
    const row = await session.call((engine) => engine.makeTest({ kind: 'specimen', specimen }));
    await preview.show(row.id);
    if (send) await sending.send([row.id] satisfies FailureId[], 'default');
  };
  return {
    [COMMANDS.openSpecimen]: async (...args) => {
      const files = await listSpecimens();
      const named = textOf(args);
      const file = files.find(({ name }) => name === named);
      if (file) return await use(file, false);
      if (files.length === 0) {
        sayInfo(
          vscode.l10n.t(
            'No specimen is kept in this workspace. Change a test failure in its preview and save it as one.',
          ),
        );
        return;
      }
      const picked = await pick(files);
      if (picked) await use(picked.file, picked.send);
    },
  } satisfies Partial<Record<string, Handler>>;
}

/** Enter previews; the button of a row sends at once. */
function pick(
  files: readonly SpecimenFile[],
): Promise<{ readonly file: SpecimenFile; readonly send: boolean } | undefined> {
  const button = { iconPath: new vscode.ThemeIcon('send'), tooltip: vscode.l10n.t('Send') };
  const picker = vscode.window.createQuickPick<Item>();
  picker.title = vscode.l10n.t('Send or Preview Specimen…');
  picker.placeholder = vscode.l10n.t('Which specimen? Enter previews it.');
  picker.matchOnDescription = true;
  picker.items = files.map((file) => ({
    label: inert(file.name),
    description: inert(describe(file)),
    buttons: 'problem' in file ? [] : [button],
    file,
  }));
  return new Promise((resolve) => {
    const done = (answer: { readonly file: SpecimenFile; readonly send: boolean } | undefined): void => {
      resolve(answer);
      picker.dispose();
    };
    picker.onDidTriggerItemButton(({ item }) => done({ file: item.file, send: true }));
    picker.onDidAccept(() => {
      const [item] = picker.selectedItems;
      if (item) done({ file: item.file, send: false });
    });
    picker.onDidHide(() => done(undefined));
    picker.show();
  });
}

function describe(file: SpecimenFile): string {
  if ('problem' in file) return vscode.l10n.t('no specimen: {0}', file.problem);
  const { specimen } = file;
  return specimen.kind === 'check'
    ? dotted(
        specimen.checkName,
        specimen.assetKey.join('/'),
        specimen.severity,
        specimen.partition,
        specimen.codeLocation,
      )
    : dotted(specimen.stepKey ?? specimen.jobName, specimen.errorClass, specimen.partition, specimen.codeLocation);
}
