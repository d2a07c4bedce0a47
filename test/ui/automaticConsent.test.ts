import assert from 'node:assert/strict';
import { AutomaticConsent } from '../../src/ui/automaticConsent.ts';

/** What VS Code keeps for a workspace, outlasting the window. */
function workspaceState() {
  const kept = new Map<string, unknown>();
  const get = (key: string, fallback?: unknown): unknown => kept.get(key) ?? fallback;
  return {
    get: get as ConstructorParameters<typeof AutomaticConsent>[0]['get'], // VS Code's generic reads what was written
    update: async (key: string, value: unknown) => {
      if (value === undefined) kept.delete(key);
      else kept.set(key, value);
    },
  };
}

describe('the consent to automatic delivery', () => {
  it('is not given until the user gives it, and lasts while the setting says automatic', async () => {
    const state = workspaceState();
    const consent = new AutomaticConsent(state);
    await consent.see('automatic');
    assert.equal(consent.given, false);
    await consent.give(true);
    await consent.see('automatic');
    assert.equal(consent.given, true);
    assert.equal(new AutomaticConsent(state).given, true);
  });

  it('is forgotten once the setting says anything else, so that automatic is asked about again', async () => {
    for (const other of ['hold', undefined, null, 'Automatic', 7]) {
      const state = workspaceState();
      const consent = new AutomaticConsent(state);
      await consent.give(true);
      await consent.see(other);
      await consent.see('automatic');
      assert.equal(consent.given, false, String(other));
      assert.equal(new AutomaticConsent(state).given, false, String(other));
    }
  });
});
