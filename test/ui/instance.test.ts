import assert from 'node:assert/strict';
import type { InstanceStatus } from '../../src/engine/api.ts';
import { contextValues } from '../../src/ui/instance/contexts.ts';
import { statusText } from '../../src/ui/instance/statusText.ts';
import { english } from '../../src/ui/l10n.ts';
import { AT, following, overview, sensor } from './samples.ts';

const status = (instance: InstanceStatus) =>
  statusText({ kind: 'running', overview: overview({ instance }) }, '/home/ada', english);

describe('the status bar item', () => {
  it('names the instance and counts its pending failures', () => {
    const { text, spoken, tooltip, warning } = status(following);
    assert.equal(text, '$(flame) acme $(error) 16');
    assert.equal(spoken, 'Firedrill follows acme, 16 pending failures');
    assert.match(tooltip, /^Following ~\/acme$/m);
    assert.match(tooltip, /hold, nothing is sent by itself/);
    assert.doesNotMatch(tooltip, /Another window/);
    assert.equal(warning, false);
  });

  it('says on hover, and only there, that another window is watching', () => {
    const sensors = [sensor({ elsewhere: true })];
    const situation = { kind: 'running' as const, overview: overview({ instance: following, sensors }) };
    const { text, tooltip } = statusText(situation, '/home/ada', english);
    assert.equal(text, status(following).text);
    assert.match(tooltip, /^Another window is watching; this one shows the same$/m);
  });

  it('warns of an instance that was lost and says since when', () => {
    const lost = status({ state: 'lost', home: '/srv/acme', name: 'acme', message: 'It was removed.', since: AT });
    assert.equal(lost.text, '$(debug-disconnect) acme $(error) 16');
    assert.ok(lost.warning);
    assert.match(lost.tooltip, /since 19:12:30: It was removed\.$/m);
    assert.match(lost.spoken, /Pending: 11 check failures, 5 run failures$/);
  });

  it('says where it looked when there is none', () => {
    const none = status({ state: 'none', looked: ['.env in /w', 'http://127.0.0.1:3000'] });
    assert.equal(none.text, '$(flame) No instance');
    assert.deepEqual(none.tooltip.split('\n').slice(1), ['  .env in /w', '  http://127.0.0.1:3000']);
  });

  it('says that nothing runs in Restricted Mode, and that a crash mends itself', () => {
    assert.match(statusText({ kind: 'restricted' }, '', english).tooltip, /reads no instance and sends nothing/);
    assert.ok(statusText({ kind: 'crashed', message: 'out of memory' }, '', english).warning);
  });

  it('reads no icon from an instance’s name', () => {
    const { text } = status({ ...following, name: '$(trash) x' } as InstanceStatus);
    assert.equal(text.match(/\$\(/g)?.length, 2);
  });
});

describe('context keys', () => {
  const facts = { inboxEvents: 0, secretDsns: 0, listed: 'unknown', filtered: false } as const;

  it('say restricted when nothing may run', () => {
    const values = contextValues({ kind: 'restricted' }, facts);
    assert.equal(values['firedrill.instance'], 'restricted');
    assert.equal(values['firedrill.sensorRunning'], false);
  });

  it('say first whether anything is listed: an instance that is new here is not called empty on the way', () => {
    assert.equal(Object.keys(contextValues({ kind: 'starting' }, facts))[0], 'firedrill.listed');
  });

  it('say searching until the engine has answered', () => {
    assert.equal(contextValues({ kind: 'starting' }, facts)['firedrill.instance'], 'searching');
  });

  it('follow what is there to act on', () => {
    const values = contextValues(
      {
        kind: 'running',
        overview: overview({
          sensors: [sensor(), sensor({ running: false })],
          deliveryMode: 'automatic',
          deliveries: { waiting: 0, failed: 2, accepted: 1 },
        }),
      },
      { inboxEvents: 1, secretDsns: 1, listed: 'some', filtered: true },
    );
    assert.deepEqual(values, {
      'firedrill.instance': 'following',
      'firedrill.delivery': 'automatic',
      'firedrill.inbox': 'listening',
      'firedrill.inboxHasEvents': true,
      'firedrill.webserver': true,
      'firedrill.listed': 'some',
      'firedrill.filtered': true,
      'firedrill.hasWaiting': false,
      'firedrill.hasFailed': true,
      'firedrill.hasAccepted': true,
      'firedrill.sensorRunning': true,
      'firedrill.sensorStopped': true,
      'firedrill.hasSecretDsn': true,
    });
  });
});
