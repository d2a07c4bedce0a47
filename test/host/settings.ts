export type Settings = Record<string, unknown>;

/** Settings that keep the workbench quiet: nothing pops up, moves or asks the network by itself. */
export const calm: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'workbench.layoutControl.enabled': false,
  'chat.disableAIFeatures': true,
  'chat.agent.enabled': false,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'extensions.gallery.serviceUrl': '',
  'git.enabled': false,
  'git.autoRepositoryDetection': false,
  'git.openRepositoryInParentFolders': 'never',
  'remote.autoForwardPorts': false,
  'remote.restoreForwardedPorts': false,
  'terminal.integrated.enablePersistentSessions': false,
  'npm.autoDetect': 'off',
  'gulp.autoDetect': 'off',
  'grunt.autoDetect': 'off',
  'jake.autoDetect': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'json.schemaDownload.enable': false,
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'files.hotExit': 'off',
  'window.confirmBeforeClose': 'never',
  'window.restoreWindows': 'none',
};

/** The themes that views are looked at in, by the name their setting takes. */
export const themes = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  'hc-dark': 'Default High Contrast',
  'hc-light': 'Default High Contrast Light',
} as const;

export type Theme = keyof typeof themes;
