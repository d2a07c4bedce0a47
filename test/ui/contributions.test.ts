import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { DEFAULTS } from '../../src/defaults.ts';
import {
  COMMANDS,
  CONTAINERS,
  CONTEXT_KEYS,
  EVENT_LANGUAGE,
  INTERNAL_COMMANDS,
  PREVIEW_TYPE,
  ROWS,
  SETTINGS,
  TICKS_TYPE,
  VIEWS,
  WALKTHROUGH,
} from '../../src/ui/ids.ts';
import { ENVIRONMENT, RANGES } from '../../src/ui/settings.ts';

const root = path.join(import.meta.dirname, '..', '..');
const text = v.string();
const when = v.optional(text);
/** Several commands by one key: names, or names with an argument. */
const Several = v.object({ commands: v.array(v.union([text, v.object({ command: text, args: text })])) });
const Keys = v.array(v.looseObject({ command: text, args: v.optional(v.union([text, Several])), when }));
const Menu = v.array(v.looseObject({ command: text, when }));
const Manifest = v.looseObject({
  activationEvents: v.array(text),
  extensionKind: v.array(text),
  icon: text,
  capabilities: v.looseObject({
    untrustedWorkspaces: v.looseObject({ supported: v.literal('limited'), restrictedConfigurations: v.array(text) }),
    virtualWorkspaces: v.looseObject({ supported: v.literal(false) }),
  }),
  contributes: v.looseObject({
    commands: v.array(v.looseObject({ command: text, title: text, icon: v.optional(text), enablement: when })),
    configuration: v.looseObject({
      properties: v.record(
        text,
        v.looseObject({
          markdownDescription: text,
          order: v.number(),
          scope: v.picklist(['window', 'machine-overridable']),
          enum: v.optional(v.array(text), []),
          enumDescriptions: v.optional(v.array(text), []),
          default: v.unknown(),
          minimum: v.optional(v.number()),
          maximum: v.optional(v.number()),
          pattern: v.optional(text),
        }),
      ),
    }),
    keybindings: Keys,
    menus: v.record(text, Menu),
    views: v.record(text, v.array(v.looseObject({ id: text, icon: text }))),
    viewsContainers: v.record(text, v.array(v.looseObject({ id: text, icon: text }))),
    walkthroughs: v.array(
      v.looseObject({
        id: text,
        steps: v.array(
          v.looseObject({
            id: text,
            description: text,
            media: v.looseObject({
              image: v.record(v.picklist(['dark', 'light', 'hc', 'hcLight']), text),
              altText: text,
            }),
            completionEvents: v.array(text),
          }),
        ),
      }),
    ),
    viewsWelcome: v.array(v.looseObject({ view: text, contents: text, when: text })),
    languages: v.array(v.looseObject({ id: text })),
    grammars: v.array(v.looseObject({ language: text })),
    configurationDefaults: v.record(text, v.record(text, v.unknown())),
  }),
});
const source = readFileSync(path.join(root, 'package.json'), 'utf8');
const manifest = v.parse(Manifest, JSON.parse(source));
const { commands, configuration, keybindings, menus, views, viewsContainers, viewsWelcome } = manifest.contributes;
const [walkthrough, ...others] = manifest.contributes.walkthroughs;
const steps = walkthrough?.steps ?? [];
const names = v.parse(v.record(text, text), JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')));
const codicons = readFileSync(path.join(root, 'node_modules/@vscode/codicons/dist/codicon.css'), 'utf8');

/** The commands that keys run. */
const byKeys = keybindings.flatMap(({ command, args }) =>
  typeof args === 'object' ? args.commands.map((each) => (typeof each === 'string' ? each : each.command)) : [command],
);

const sorted = (values: readonly string[]): string[] => [...values].sort();
const conditions = [
  ...commands.map((command) => command.enablement),
  ...keybindings.map((binding) => binding.when),
  ...Object.values(menus).flatMap((menu) => menu.map((entry) => entry.when)),
  ...viewsWelcome.map((welcome) => welcome.when),
  ...steps.flatMap((step) => step.completionEvents.map((event) => /^onContext:(.*)$/.exec(event)?.[1])),
].filter((condition) => condition !== undefined);

describe('package.json', () => {
  it('declares the commands that the code handles, and no other', () => {
    assert.deepEqual(sorted(commands.map(({ command }) => command)), sorted(Object.values(COMMANDS)));
  });

  it('says nothing in words of its own: every text can be translated', () => {
    // Of what people read; ids, conditions, icons and patterns are others.
    const READ = /^(?:title|label|name|description|markdownDescription|contents|altText|patternErrorMessage)$/;
    const plain: string[] = [];
    const look = (value: unknown, key: string): void => {
      if (typeof value === 'string') {
        if ((READ.test(key) || key === 'enumDescriptions') && !/^(?:%[\w.]+%|Firedrill)$/.test(value))
          plain.push(`${key}: ${value}`);
      } else if (Array.isArray(value)) for (const item of value) look(item, key);
      else if (typeof value === 'object' && value !== null)
        for (const [name, inner] of Object.entries(value)) look(inner, name);
    };
    look(manifest.contributes, 'contributes');
    assert.deepEqual(plain, []);
  });

  it('declares the views and containers that the code fills, and no other', () => {
    assert.deepEqual(
      sorted(Object.values(views).flatMap((list) => list.map(({ id }) => id))),
      sorted(Object.values(VIEWS)),
    );
    const containers = Object.values(viewsContainers).flatMap((list) => list.map(({ id }) => id));
    assert.deepEqual(sorted(containers), sorted(Object.values(CONTAINERS)));
    assert.deepEqual(sorted(Object.keys(views)), sorted(containers));
  });

  it('declares the settings that the code reads, and no other', () => {
    assert.deepEqual(
      sorted(Object.keys(configuration.properties)),
      sorted(SETTINGS.map((name) => `firedrill.${name}`)),
    );
  });

  it('declares the ranges and defaults that the code falls back to', () => {
    for (const [name, range] of Object.entries(RANGES)) {
      const declared = configuration.properties[`firedrill.${name}`];
      assert.deepEqual(
        { minimum: declared?.minimum, maximum: declared?.maximum, default: declared?.default },
        range,
        name,
      );
    }
    assert.equal(configuration.properties['firedrill.webserverUrl']?.default, DEFAULTS.webserverUrl);
    assert.equal(configuration.properties['firedrill.oemPattern']?.default, DEFAULTS.oemPattern);
    assert.equal(configuration.properties['firedrill.environment']?.pattern, ENVIRONMENT.source.replaceAll('\\/', '/'));
  });

  it('says of each setting when one would change it, in one order, and explains every choice', () => {
    const settings = Object.entries(configuration.properties);
    for (const [id, setting] of settings) {
      const words = names[setting.markdownDescription.slice(1, -1)] ?? '';
      assert.match(words, /\b(?:Set|Change|Raise|Turn) it (?:on )?(?:when|where) /, id);
      assert.equal(setting.enumDescriptions.length, setting.enum.length, id);
    }
    assert.deepEqual(
      settings.map(([, { order }]) => order),
      settings.map((_, index) => index + 1),
    );
  });

  it('uses every context key that the code sets, and sets every one that it uses', () => {
    const used = new Set(
      conditions.flatMap((condition) => condition.match(/\bfiredrill\.\w+(?= *(?:==|!=|=~|&&|\|\||$))/g) ?? []),
    );
    for (const view of [...Object.values(VIEWS), TICKS_TYPE]) used.delete(view);
    assert.deepEqual(sorted([...used]), sorted(Object.keys(CONTEXT_KEYS)));
  });

  it('matches rows only by words that rows have', () => {
    const words = new Set(
      conditions.flatMap((c) => [...c.matchAll(/viewItem (?:=~|==) (\S+(?: \(\S+\)\S*)?)/g)].map((m) => m[1] ?? '')),
    );
    const known = new Set<string>([
      ...Object.values(ROWS),
      'withRun',
      'run',
      'pending',
      'dismissed',
      'running',
      'stopped',
      'waiting',
      'failed',
      'issue',
    ]);
    for (const word of words) {
      const parts = word.replaceAll('\\b', '').match(/\w+/g) ?? [];
      assert.deepEqual(
        parts.filter((part) => !known.has(part)),
        [],
        word,
      );
    }
  });

  it('puts no command into a menu, a key or a welcome text that it does not declare', () => {
    // VS Code gives each view a command that shows it.
    const known = new Set<string>([
      ...Object.values(COMMANDS),
      ...Object.values(VIEWS).map((view) => `${view}.focus`),
      INTERNAL_COMMANDS.keyOnRow,
      INTERNAL_COMMANDS.enterRow,
      'list.selectAndPreserveFocus', // VS Code's own
      'list.select',
    ]);
    const used = [
      ...byKeys,
      ...Object.values(menus)
        .flat()
        .map(({ command }) => command),
    ];
    const texts = [...viewsWelcome.map(({ contents }) => contents), ...steps.map(({ description }) => description)];
    for (const contents of texts) {
      const words = names[contents.slice(1, -1)] ?? '';
      for (const match of words.matchAll(/\(command:([\w.]+)\)/g))
        if (match[1]?.startsWith('firedrill.')) used.push(match[1]);
    }
    assert.deepEqual(
      used.filter((command) => !known.has(command)),
      [],
    );
  });

  it('offers in the palette only what can be done: every command but the walkthrough, the settings and the log has a condition', () => {
    const conditional = new Set(
      (menus.commandPalette ?? []).filter((entry) => entry.when).map((entry) => entry.command),
    );
    assert.deepEqual(
      commands.map(({ command }) => command).filter((command) => !conditional.has(command)),
      [COMMANDS.getStarted, COMMANDS.openSettings, COMMANDS.showLog],
    );
  });

  it('offers Undo Dismiss without an instance too: a test failure needs none', () => {
    const offers = [...(menus.commandPalette ?? []), ...(menus['view/title'] ?? [])].filter(
      ({ command }) => command === COMMANDS.undoDismiss,
    );
    assert.equal(offers.length, 2);
    for (const { when: condition = '' } of offers) {
      assert.match(condition, /\bisWorkspaceTrusted\b/);
      assert.doesNotMatch(condition, /firedrill\.instance/);
    }
  });

  it('has a text for each placeholder and a placeholder for each text', () => {
    const used = new Set([...source.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? ''));
    assert.deepEqual(sorted([...used]), sorted(Object.keys(names)));
  });

  it('gives events as documents a language in which no text becomes a link', () => {
    const { languages, grammars, configurationDefaults } = manifest.contributes;
    assert.deepEqual(
      [...languages.map(({ id }) => id), ...grammars.map(({ language }) => language)],
      [EVENT_LANGUAGE, EVENT_LANGUAGE],
    );
    assert.deepEqual(configurationDefaults, { [`[${EVENT_LANGUAGE}]`]: { 'editor.links': false } });
  });

  it('names icons that exist', () => {
    for (const icon of commands.flatMap((command) => command.icon ?? [])) {
      assert.ok(codicons.includes(`.codicon-${icon.slice(2, -1)}:before`), icon);
    }
    const files = [...Object.values(views).flat(), ...Object.values(viewsContainers).flat()].map(({ icon }) => icon);
    for (const file of [manifest.icon, ...files]) assert.ok(existsSync(path.join(root, file)), file);
  });

  it('restricts in an untrusted workspace every setting that names a place, a port or what is sent', () => {
    const places = ['dagsterHome', 'webserverUrl', 'delivery', 'environment', 'oemPattern', 'inboxPort'];
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    assert.deepEqual(sorted(restricted), sorted(places.map((name) => `firedrill.${name}`)));
  });

  it('runs where the workspace is, and starts by itself in Dagster projects only', () => {
    assert.deepEqual(manifest.extensionKind, ['workspace']);
    assert.ok(manifest.activationEvents.length > 0);
    const restored = manifest.activationEvents.filter((event) => event.startsWith('onWebviewPanel:'));
    assert.deepEqual(
      restored,
      [PREVIEW_TYPE, TICKS_TYPE].map((type) => `onWebviewPanel:${type}`),
      'brings back what was open',
    );
    const others = manifest.activationEvents.slice(restored.length);
    for (const event of others)
      assert.match(event, /^workspaceContains:\*\*\/(dagster\.yaml|workspace\.yaml|dg\.toml|definitions\.py)$/);
  });

  it('leads in four steps, each with a button of its own, a sign that it is done, and pictures that exist', () => {
    assert.deepEqual([walkthrough?.id, others.length], [WALKTHROUGH.id, 0]);
    assert.deepEqual(
      steps.map(({ id }) => id),
      WALKTHROUGH.steps,
    );
    const handled = new Set<string>([
      ...Object.values(COMMANDS),
      ...Object.values(INTERNAL_COMMANDS),
      ...Object.values(VIEWS).map((view) => `${view}.focus`),
    ]);
    for (const { id, description, media, completionEvents } of steps) {
      const lines = (names[description.slice(1, -1)] ?? '').split('\n');
      assert.equal(lines.filter((line) => /^\[[^\]]+\]\([^)]+\)$/.test(line)).length, 1, id);
      assert.deepEqual(Object.keys(media.image).sort(), ['dark', 'hc', 'hcLight', 'light'], id);
      for (const file of Object.values(media.image)) assert.ok(existsSync(path.join(root, file)), file);
      assert.ok(completionEvents.length > 0, id);
      for (const event of completionEvents) {
        const [, kind, what = ''] = /^(onContext|onView|onCommand):(.+)$/.exec(event) ?? [];
        if (kind === 'onCommand') assert.ok(handled.has(what), event);
        if (kind === 'onView')
          assert.ok(
            Object.values(VIEWS).some((view) => view === what),
            event,
          );
        assert.ok(kind, event);
      }
    }
  });

  it('has at most one button in a welcome text', () => {
    for (const { contents } of viewsWelcome) {
      const lines = (names[contents.slice(1, -1)] ?? '').split('\n');
      assert.ok(lines.filter((line) => /^\[[^\]]+\]\([^)]+\)$/.test(line)).length <= 1, contents);
    }
  });
});
