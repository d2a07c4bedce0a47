import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseOemPattern } from '../../src/channels/sentry/oem.ts';
import { environmentProblem } from '../../src/channels/sentry/settings.ts';
import { SETTINGS } from '../../src/ui/ids.ts';
import { english } from '../../src/ui/l10n.ts';
import {
  engineSettings,
  isHttpUrl,
  isPattern,
  RANGES,
  type RawSettings,
  type SettingsContext,
} from '../../src/ui/settings.ts';

const context: SettingsContext = {
  workspaceFolders: ['/w'],
  confirmedHomes: [],
  approvedDsns: [],
  automaticConfirmed: false,
  proxy: { url: '', strictSsl: true, noProxy: [], support: 'override' },
};
const defaults: RawSettings = {
  dagsterHome: '',
  webserverUrl: 'http://127.0.0.1:3000',
  delivery: 'hold',
  skipRetried: false,
  environment: '',
  oemPattern: '^ai_(.+)$',
  tickInterval: 60,
  peekInterval: 250,
  inboxPort: 8969,
  notifyFailures: false,
};
const read = (changes: Partial<RawSettings>, other: Partial<SettingsContext> = {}) =>
  engineSettings({ ...defaults, ...changes }, { ...context, ...other }, english);

describe('settings', () => {
  it('are taken as they stand when they fit', () => {
    const { settings, warnings } = read({ dagsterHome: ' /srv/dagster ', tickInterval: 30, environment: 'staging' });
    assert.deepEqual(warnings, []);
    assert.equal(settings.dagsterHome, '/srv/dagster');
    assert.equal(settings.tickInterval, 30);
    assert.equal(settings.environment, 'staging');
  });

  it('announce new failures only when that is said plainly', () => {
    assert.equal(read({}).notifyFailures, false);
    assert.equal(read({ notifyFailures: true }).notifyFailures, true);
    const { notifyFailures, warnings } = read({ notifyFailures: 'yes' });
    assert.equal(notifyFailures, false);
    assert.match(warnings.join(), /firedrill\.notifyFailures has a value that does not fit \("yes"\). Using false\./);
  });

  it('that are empty are none', () => {
    const { settings } = read({});
    assert.equal(settings.dagsterHome, null);
    assert.equal(settings.environment, null);
    assert.equal(settings.proxy.url, null);
  });

  it('out of range are kept in range, and the user is told which', () => {
    const { settings, warnings } = read({ tickInterval: 1, inboxPort: 70_000, peekInterval: 0.4 });
    assert.deepEqual([settings.tickInterval, settings.inboxPort, settings.peekInterval], [5, 65_535, 50]);
    assert.equal(warnings.length, 3);
    assert.match(warnings[0] ?? '', /firedrill\.tickInterval must be between 5 and 3600. Using 5 instead of 1\./);
  });

  it('name the environment if Sentry takes it; else the user is told and none is sent', () => {
    const names = [
      'staging 2',
      'süd',
      'none',
      'NONE ',
      'nonetheless',
      '.',
      '..',
      '...',
      'a/b',
      'a\tb',
      'a\nb',
      'a\u000bb',
    ];
    for (const name of [...names, 'x'.repeat(64), 'x'.repeat(65), 'ü'.repeat(33)]) {
      const { settings, warnings } = read({ environment: name });
      const fits = environmentProblem(name) === null;
      assert.equal(settings.environment, fits ? name : null, JSON.stringify(name));
      assert.equal(warnings.length, fits ? 0 : 1, JSON.stringify(name));
    }
  });

  it('of any value at all make settings that the engine can use', () => {
    fc.assert(
      fc.property(fc.record(Object.fromEntries(SETTINGS.map((name) => [name, fc.anything()]))), (raw) => {
        const { settings } = read(raw);
        for (const name of ['tickInterval', 'peekInterval', 'inboxPort'] as const) {
          assert.ok(Number.isInteger(settings[name]), name);
          assert.ok(settings[name] >= RANGES[name].minimum && settings[name] <= RANGES[name].maximum, name);
        }
        assert.ok(isHttpUrl(settings.webserverUrl));
        assert.ok(isPattern(settings.oemPattern));
      }),
    );
  });

  it('name no webserver with credentials or of another protocol', () => {
    for (const url of ['ftp://host', 'javascript:alert(1)', 'http://user:pw@host', 'host:3000', '']) {
      const { settings, warnings } = read({ webserverUrl: url });
      assert.equal(settings.webserverUrl, 'http://127.0.0.1:3000', url);
      assert.equal(warnings.length, 1, url);
    }
    assert.equal(read({ webserverUrl: 'http://host:3000/path/' }).settings.webserverUrl, 'http://host:3000/path');
  });

  it('that may hold a password are not repeated in what the user is told', () => {
    for (const url of [
      'http://admin:s3cretpass@127.0.0.1:3000',
      'http://admin:p@s3cretpass/"@host',
      'admin:s3cretpass@host:3000',
      ['http://admin:s3cretpass@host'],
    ]) {
      const { warnings } = read({ webserverUrl: url });
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? '', /^firedrill\.webserverUrl .*Using "http:\/\/127\.0\.0\.1:3000"\.$/);
      assert.doesNotMatch(warnings[0] ?? '', /admin|s3cretpass/);
    }
    assert.doesNotMatch(read({ webserverUrl: 'x?sentry_key=s3cret' }).warnings.join(), /s3cret/);
    assert.match(read({ webserverUrl: 'host:3000' }).warnings.join(), /\("host:3000"\)/);
    assert.ok((read({ webserverUrl: 'x'.repeat(9999) }).warnings[0] ?? '').length < 300);
  });

  it('need a pattern that the engine takes too', () => {
    for (const pattern of ['^a\\-(.+)$', '(x){', '(x)?|b\\', '(?:(a)|\\i)'])
      assert.equal(read({ oemPattern: pattern }).settings.oemPattern, '^ai_(.+)$', pattern);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'()[]{}|\\-?*+^$ai_.1') }), (pattern) => {
        assert.ok(!isPattern(pattern) || parseOemPattern(pattern).outcome === 'ok', pattern);
      }),
      { numRuns: 1000 },
    );
  });

  it('need a pattern with a group', () => {
    for (const pattern of ['ai_.+', '(', '['])
      assert.equal(read({ oemPattern: pattern }).settings.oemPattern, '^ai_(.+)$', pattern);
    assert.equal(read({ oemPattern: '^(.+)_x$' }).settings.oemPattern, '^(.+)_x$');
  });

  it('say automatic only once the user has answered the question', () => {
    assert.equal(read({ delivery: 'automatic' }).settings.deliveryMode, 'hold');
    assert.equal(read({ delivery: 'automatic' }, { automaticConfirmed: true }).settings.deliveryMode, 'automatic');
    assert.equal(read({ delivery: 'hold' }, { automaticConfirmed: true }).settings.deliveryMode, 'hold');
  });

  it('use the editor’s proxy unless that is switched off', () => {
    const proxy = { url: 'http://proxy:3128', strictSsl: false, noProxy: ['intern'], support: 'override' };
    assert.deepEqual(read({}, { proxy }).settings.proxy, {
      url: 'http://proxy:3128',
      strictSsl: false,
      noProxy: ['intern'],
    });
    assert.equal(read({}, { proxy: { ...proxy, support: 'off' } }).settings.proxy.url, null);
    assert.deepEqual(read({}, { proxy: { url: 3, strictSsl: 'x', noProxy: 'y', support: null } }).settings.proxy, {
      url: null,
      strictSsl: true,
      noProxy: [],
    });
  });
});
