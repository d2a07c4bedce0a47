import { html, nothing, type TemplateResult } from 'lit';
import type { Cut, Preview } from '../../engine/api.ts';
import { stepsOf } from '../../failure/json.ts';
import { bytes, count } from '../shared/format.ts';
import { plural, t } from '../shared/l10n.ts';
import { icon, rich } from '../shared/view.ts';

export type ShowPath = (path: string) => void;

/** So many cuts are told one by one; the rest as a number. */
const MAX_ROWS = 8;

/** A JSON pointer as people write a path: `/extra/metadata/records` is `extra.metadata.records`. */
export const pathText = (pointer: string): string => stepsOf(pointer).join('.');

/** How many characters Sentry keeps of each text that it will shorten, by its pointer. */
export const keptCharacters = (preview: Preview): ReadonlyMap<string, number> =>
  new Map(
    preview.cuts
      .filter((cut) => cut.kind === 'cut' && cut.unit === 'characters')
      .map((cut) => [cut.path, cut.limit] as const),
  );

/** The measures that come nearest their limits, as one line. */
export const measuresText = ({ event, longestValue, nesting, tags }: Preview['measures']): string => {
  return [
    t('{0} of {1}', bytes(event.actual), bytes(event.limit)),
    t('longest value {0} of {1}', bytes(longestValue.actual), bytes(longestValue.limit)),
    t('nesting {0} of {1}', nesting.actual, nesting.limit),
    plural(tags, '{0} tag', '{0} tags'),
  ].join(', ');
};

const rows = (cuts: readonly Cut[], show: ShowPath): TemplateResult =>
  html`<ul>
    ${cuts.slice(0, MAX_ROWS).map(
      (cut) =>
        html`<li>
          ${cut.path === '' ? nothing : html`<code class="foreign">${pathText(cut.path)}</code>`}
          <span class="muted foreign">${cut.what}</span>
          ${
            /^\/(extra|tags)\//.test(cut.path)
              ? html`<button type="button" class="link" aria-label=${t('Show where {0} is', pathText(cut.path))} @click=${() => show(cut.path)}>${t('show where')}</button>`
              : nothing
          }
        </li>`,
    )}
    ${cuts.length > MAX_ROWS ? html`<li class="muted">${t('and {0} more', count(cuts.length - MAX_ROWS))}</li>` : nothing}
  </ul>`;

/** Cuts of one kind under what they have in common. */
export const cutGroup = (
  look: TemplateResult,
  words: TemplateResult,
  cuts: readonly Cut[],
  show: ShowPath,
): TemplateResult => html`${look}<div>${words}</div>${rows(cuts, show)}`;

/** What Sentry keeps of an event. `real`: it goes there, not to the inbox. */
export const keepLines = (
  { cuts, measures }: Pick<Preview, 'cuts' | 'measures'>,
  real: boolean,
  show: ShowPath,
): TemplateResult => {
  const of = (kind: Cut['kind']): readonly Cut[] => cuts.filter((each) => each.kind === kind);
  const [refused, cut, notSent] = [of('refused'), of('cut'), of('not-sent')];
  return html`${
    refused.length > 0
      ? cutGroup(
          icon('error', 'is-error'),
          html`<b>${real ? t('Sentry will refuse this event') : t('Sentry would refuse this event')}</b>`,
          refused,
          show,
        )
      : nothing
  }${
    cut.length > 0
      ? cutGroup(
          icon('warning', 'is-warning'),
          html`<b>${
            real
              ? plural(cut.length, 'Sentry will cut {0} value', 'Sentry will cut {0} values')
              : plural(cut.length, 'Sentry would cut {0} value', 'Sentry would cut {0} values')
          }</b>: <span class="muted">${t('the event is sent whole, its page will show less')}</span>`,
          cut,
          show,
        )
      : nothing
  }${
    notSent.length > 0
      ? cutGroup(
          icon('info', 'is-info'),
          html`<b>${plural(notSent.length, '{0} value is not sent whole', '{0} values are not sent whole')}</b>: <span class="muted">${t('so it is specified; the rest is in the log')}</span>`,
          notSent,
          show,
        )
      : nothing
  }${
    refused.length + cut.length === 0
      ? html`${icon('pass', 'is-ok')}<div>
            ${
              notSent.length > 0
                ? real
                  ? t('Sentry keeps all that is sent:')
                  : t('Sentry would keep all that is sent:')
                : real
                  ? t('Sentry keeps all of it:')
                  : t('Sentry would keep all of it:')
            }
            <span class="muted">${measuresText(measures)}</span>
          </div>`
      : nothing
  }`;
};

const issueLine = ({ grouping, failure }: Preview, showIssue: () => void): TemplateResult => {
  const title = html`<b class="foreign issue-title">${grouping.title}</b>`;
  const others =
    grouping.otherPending > 0
      ? html` <span class="muted">${plural(grouping.otherPending, 'with {0} other pending failure', 'with {0} other pending failures')}</span>; <button type="button" class="link" @click=${showIssue}>${t('show them')}</button>`
      : nothing;
  const notes: string[] = [];
  if (failure.kind === 'run' && failure.step === null) notes.push(t('no step failed, so the job names it'));
  if (grouping.ignored.length > 0) notes.push(t('{0} makes no difference', grouping.ignored.join(', ')));
  return html`${icon('layers')}<div data-testid="issue">
    ${grouping.otherPending > 0 ? rich('Joins the issue {0}', title) : rich('Makes the issue {0}', title)}${others}${
      notes.length > 0 ? html`<span class="muted foreign">; ${notes.join('; ')}</span>` : nothing
    }
  </div>`;
};

/** What would be lost on the way, and which issue the event joins. */
export const factLines = (preview: Preview, show: ShowPath, showIssue: () => void): TemplateResult =>
  html`<div class="facts">${keepLines(preview, preview.target.kind === 'sentry', show)}${issueLine(preview, showIssue)}</div>`;
