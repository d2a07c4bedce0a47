// Stands in for @vscode/native-watchdog, which has no prebuilt binary: an extension host notices by itself that its
// server is gone.
exports.start = () => {};
