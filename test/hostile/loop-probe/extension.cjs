// Writes a line `<ms since 1970> <ms late>` to the file FIREDRILL_LOOP each time the host's thread was held for longer
// than a frame.
const { appendFile } = require('node:fs');

const EVERY = 5;
const FRAME = 16;

exports.activate = (context) => {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const late = Math.round(now - last - EVERY);
    last = now;
    if (late > FRAME) appendFile(process.env.FIREDRILL_LOOP, `${Date.now()} ${late}\n`, () => undefined);
  }, EVERY);
  context.subscriptions.push({ dispose: () => clearInterval(timer) });
};
