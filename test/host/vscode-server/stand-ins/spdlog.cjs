// Stands in for @vscode/spdlog, which has no prebuilt binary: plain files, no rotation.
const fs = require('node:fs');
const path = require('node:path');

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];

class Logger {
  constructor(file) {
    this.file = file;
    this.level = levels.indexOf('info');
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {}
  clearFormatters() {}
  flush() {}
  drop() {}
}

for (const [level, name] of levels.entries()) {
  Logger.prototype[name] = function (message) {
    if (level < this.level) return;
    try {
      fs.appendFileSync(this.file, `${message}\n`);
    } catch {
      // the folder may be gone already while the server ends
    }
  };
}

async function createRotatingLogger(_name, file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return new Logger(file);
}

// One by one: VS Code imports them by name, and Node finds no names in an object.
exports.version = 0;
exports.Logger = Logger;
exports.createRotatingLogger = createRotatingLogger;
exports.createAsyncRotatingLogger = createRotatingLogger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.shutdown = () => {};
