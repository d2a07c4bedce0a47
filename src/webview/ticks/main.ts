import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import './countdown.ts';
import './table.ts';
import './timeline.ts';
import { TicksApp } from './app.ts';

document.body.append(new TicksApp());
