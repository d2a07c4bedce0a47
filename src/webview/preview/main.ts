import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-tab-header/index.js';
import '@vscode-elements/elements/dist/vscode-tab-panel/index.js';
import '@vscode-elements/elements/dist/vscode-tabs/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import './edit/form.ts';
import './inlineJsonView.ts';
import './jsonView.ts';
import './longText.ts';
import './recordsView.ts';
import { PreviewApp } from './app.ts';

document.body.append(new PreviewApp());
