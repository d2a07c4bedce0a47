import assert from 'node:assert/strict';
import { authTokenOf } from '../../src/cli/authToken.ts';
import { UsageError } from '../../src/cli/errors.ts';

describe('the auth token of the environment', () => {
  it('is for sentry.io, or for the server in SENTRY_URL, and for no other', () => {
    const token = 'sntryu_1';
    const sentry = authTokenOf({ SENTRY_AUTH_TOKEN: ` ${token}\n` });
    assert.deepEqual(['sentry.io', 'errors.example.org'].map(sentry), [token, null]);
    const own = authTokenOf({ SENTRY_AUTH_TOKEN: token, SENTRY_URL: 'https://errors.example.org:9000/base/' });
    assert.deepEqual(['sentry.io', 'errors.example.org:9000', 'errors.example.org'].map(own), [null, token, null]);
  });

  it('is none where it is not set or empty', () => {
    assert.equal(authTokenOf({})('sentry.io'), null);
    assert.equal(authTokenOf({ SENTRY_AUTH_TOKEN: ' ' })('sentry.io'), null);
  });

  it('that cannot be one is named without being told', () => {
    for (const env of [{ SENTRY_AUTH_TOKEN: 'sec ret' }, { SENTRY_AUTH_TOKEN: 'secret', SENTRY_URL: 'sec ret' }]) {
      assert.throws(
        () => authTokenOf(env),
        (error) => error instanceof UsageError && !/sec ?ret/.test(error.message),
      );
    }
  });
});
