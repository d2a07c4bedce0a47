import { SyntaxKind } from 'typescript/unstable/ast';
import { createScanner } from 'typescript/unstable/ast/scanner';

/** A text that stands in code. */
export interface Literal {
  readonly line: number;
  /** With `{}` for each expression of a template. */
  readonly text: string;
  /** Whether it is what `l10n.t` translates. */
  readonly translated: boolean;
}

/** After these a slash divides; else it begins a regular expression. */
const VALUES: ReadonlySet<SyntaxKind> = new Set([
  ...[SyntaxKind.Identifier, SyntaxKind.PrivateIdentifier, SyntaxKind.NumericLiteral, SyntaxKind.StringLiteral],
  ...[SyntaxKind.CloseParenToken, SyntaxKind.CloseBracketToken, SyntaxKind.CloseBraceToken, SyntaxKind.ThisKeyword],
  ...[SyntaxKind.NoSubstitutionTemplateLiteral, SyntaxKind.TemplateTail],
]);

/** All texts of a module's code, in comments none. */
export function literalsIn(code: string): Literal[] {
  const scanner = createScanner(true);
  scanner.setText(code);
  const found: Literal[] = [];
  const before: string[] = [];
  // Templates that are open at this place: what they say so far, and how many braces are open in their expression.
  const open: { text: string; braces: number; readonly start: Pick<Literal, 'line' | 'translated'> }[] = [];
  const place = () => ({
    line: code.slice(0, scanner.getTokenStart()).split('\n').length,
    translated: before.slice(-4).join('') === 'l10n.t(',
  });
  let last: SyntaxKind = SyntaxKind.Unknown;
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFile; kind = scanner.scan()) {
    const template = open.at(-1);
    if ((kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken) && !VALUES.has(last))
      kind = scanner.reScanSlashToken();
    if (kind === SyntaxKind.CloseBraceToken && template?.braces === 0) kind = scanner.reScanTemplateToken(false);
    switch (kind) {
      case SyntaxKind.StringLiteral:
      case SyntaxKind.NoSubstitutionTemplateLiteral:
        found.push({ ...place(), text: scanner.getTokenValue() });
        break;
      case SyntaxKind.TemplateHead:
        open.push({ text: `${scanner.getTokenValue()}{}`, braces: 0, start: place() });
        break;
      case SyntaxKind.TemplateMiddle:
        if (template) template.text += `${scanner.getTokenValue()}{}`;
        break;
      case SyntaxKind.TemplateTail:
        if (template) found.push({ ...template.start, text: template.text + scanner.getTokenValue() });
        open.pop();
        break;
      case SyntaxKind.OpenBraceToken:
        if (template) template.braces += 1;
        break;
      case SyntaxKind.CloseBraceToken:
        if (template) template.braces -= 1;
        break;
    }
    before.push(scanner.getTokenText());
    last = kind;
  }
  return found;
}
