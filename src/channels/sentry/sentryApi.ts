import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { EventId } from '../../failure/ids.ts';
import { jsonOrUndefined } from '../../failure/json.ts';
import { type ApiAnswer, type Ask, nextCursor, notFound, parsed, type Seen } from './apiAnswer.ts';
import { type Dsn, envelopeUrl } from './dsn.ts';

/** Where a DSN's project is asked about, and by which name the token for it is kept. */
export interface SentryApi {
  /** Without a slash at its end. */
  readonly base: string;
  /** `sentry.io` for all of Sentry's own regions, else host and port of the server. */
  readonly tokenHost: string;
  /** The organization's id, which Sentry's own DSNs hold. */
  readonly organization: string | null;
  readonly project: string;
}

/** Sentry's own DSNs: `o<organization>.ingest[.<region>].sentry.io` (docs.sentry.io, DSN explainer). */
const SENTRY_HOST = /^o(\d+)\.ingest\.(?:([a-z0-9-]+)\.)?sentry\.io$/;
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;

/** null where the token would go over the network in the clear. */
export function sentryApiOf(dsn: Dsn): SentryApi | null {
  const [, organization, region] = SENTRY_HOST.exec(dsn.host) ?? [];
  const { projectId: project } = dsn;
  if (organization !== undefined) {
    const host = region === undefined ? 'sentry.io' : `${region}.sentry.io`;
    return { base: `https://${host}`, tokenHost: 'sentry.io', organization, project };
  }
  const url = new URL(envelopeUrl(dsn));
  if (url.protocol !== 'https:' && !LOOPBACK.test(url.hostname)) return null;
  const path = dsn.path === '' ? '' : `/${dsn.path}`;
  return { base: `${url.origin}${path}`, tokenHost: url.host, organization: null, project };
}

/** Pages of projects that are looked through, of 100 each. */
const PAGES = 20;

const projectSchema = v.object({ id: v.string(), slug: v.string(), organization: v.object({ slug: v.string() }) });
const eventSchema = v.object({ groupID: v.nullable(v.string()) });
const bugsinkEvent = v.object({ id: v.string(), issue: v.string() });
const statsSchema = v.object({
  groups: v.array(
    v.object({
      by: v.object({ outcome: v.string(), reason: v.optional(v.nullable(v.string())) }),
      totals: v.record(v.string(), v.number()),
    }),
  ),
});

/** How a project is asked about: Sentry's API by its slugs, or Bugsink's by its id. */
type Project =
  | { readonly kind: 'sentry'; readonly organization: string; readonly slug: string }
  | { readonly kind: 'bugsink' };

/**
 * Looks accepted events up: `GET /api/0/projects/{organization}/{project}/events/{event_id}/` (docs.sentry.io/api,
 * scope `project:read`). The slugs in it are learned once: by the ids of Sentry's own DSNs, else from the projects that
 * the token may see. A server without that API may be a Bugsink, which has one of its own, by project id.
 */
export class EventLookup {
  readonly #api: SentryApi;
  readonly #ask: Ask;
  #project: Project | null = null;

  constructor(api: SentryApi, ask: Ask) {
    this.#api = api;
    this.#ask = ask;
  }

  async find(event: EventId): Promise<Seen> {
    const found = this.#project ?? (await this.#findProject());
    if (!('organization' in found) && found.kind !== 'bugsink') return found;
    this.#project = found;
    return found.kind === 'bugsink' ? this.#findInBugsink(event) : this.#findInSentry(event, found);
  }

  /**
   * What Sentry dropped of this project's errors between two times (ms since 1970), for people; null when nothing, or
   * when the token may not ask (scope `org:read`).
   */
  async dropped(from: number, to: number): Promise<string | null> {
    if (this.#project?.kind !== 'sentry') return null;
    const query = new URLSearchParams({ project: this.#api.project, field: 'sum(quantity)', category: 'error' });
    query.append('groupBy', 'outcome');
    query.append('groupBy', 'reason');
    query.append('start', new Date(from).toISOString());
    query.append('end', new Date(to).toISOString());
    const answer = await this.#ask(`${this.#organizationUrl(this.#project.organization)}/stats_v2/?${query}`);
    const stats = parsed(statsSchema, answer);
    const counts = (stats?.groups ?? [])
      .map(({ by, totals }) => ({ ...by, count: totals['sum(quantity)'] ?? 0 }))
      .filter(({ outcome, count }) => outcome !== 'accepted' && count > 0)
      .map(({ outcome, reason, count }) => `${count} ${outcome}${reason ? ` (${reason})` : ''}`);
    return counts.length === 0 ? null : counts.join(', ');
  }

  async #findProject(): Promise<Project | Seen> {
    const { organization, project } = this.#api;
    if (organization === null) return this.#findAmongProjects();
    const answer = await this.#ask(this.#projectUrl(organization, project));
    if (answer.kind === 'answered' && answer.status === 404) return this.#noSuchProject();
    const other = notFound(answer);
    if (other !== null) return other;
    const found = parsed(projectSchema, answer);
    return found?.id === project ? projectOf(found) : this.#noSuchProject();
  }

  /** Page by page: a large server has more projects than one answer holds. */
  async #findAmongProjects(): Promise<Project | Seen> {
    const url = `${this.#api.base}/api/0/projects/`;
    let cursor: string | null = null;
    for (let page = 0; page < PAGES; page += 1) {
      const answer: ApiAnswer = await this.#ask(cursor === null ? url : `${url}?${new URLSearchParams({ cursor })}`);
      if (page === 0 && answer.kind === 'answered' && answer.status === 404) return { kind: 'bugsink' };
      const other = notFound(answer);
      if (other !== null) return other;
      const found = parsed(v.array(projectSchema), answer)?.find(({ id }) => id === this.#api.project);
      if (found) return projectOf(found);
      cursor = nextCursor(answer);
      if (cursor === null) return this.#noSuchProject();
    }
    const { project } = this.#api;
    const words = l10n.t('Project {0} is not among the first {1} that the auth token may see.', project, PAGES * 100);
    return { kind: 'impossible', words };
  }

  #noSuchProject(): Seen {
    return { kind: 'impossible', words: l10n.t('The auth token may not see project {0}.', this.#api.project) };
  }

  async #findInSentry(event: EventId, project: Project & { kind: 'sentry' }): Promise<Seen> {
    const { organization, slug } = project;
    const answer = await this.#ask(`${this.#projectUrl(organization, slug)}events/${event}/`);
    if (answer.kind === 'answered' && answer.status === 404) return { kind: 'not-there' };
    const other = notFound(answer);
    if (other !== null) return other;
    // A large event is not read to its end: it is there all the same.
    const issue = parsed(eventSchema, answer)?.groupID ?? null;
    const web = `${this.#api.base}/organizations/${encodeURIComponent(organization)}/issues`;
    return { kind: 'seen', issueUrl: issue === null ? null : `${web}/${encodeURIComponent(issue)}/events/${event}/` };
  }

  async #findInBugsink(event: EventId): Promise<Seen> {
    const { base, project } = this.#api;
    const query = new URLSearchParams({ project, event_id: event });
    const answer = await this.#ask(`${base}/api/canonical/0/events/lookup/?${query}`);
    if (answer.kind === 'answered' && answer.status === 404) {
      // Its own 404 is JSON; any other server's is not.
      if (jsonOrUndefined(answer.body) !== undefined) return { kind: 'not-there' };
      return {
        kind: 'impossible',
        words: l10n.t('{0} has no API that Firedrill can ask about events.', new URL(base).host),
      };
    }
    const other = notFound(answer);
    if (other !== null) return other;
    const found = parsed(bugsinkEvent, answer);
    if (!found) return { kind: 'seen', issueUrl: null };
    const [issue, id] = [encodeURIComponent(found.issue), encodeURIComponent(found.id)];
    return { kind: 'seen', issueUrl: `${base}/issues/issue/${issue}/event/${id}/` };
  }

  #projectUrl(organization: string, project: string): string {
    return `${this.#api.base}/api/0/projects/${encodeURIComponent(organization)}/${encodeURIComponent(project)}/`;
  }

  #organizationUrl(organization: string): string {
    return `${this.#api.base}/api/0/organizations/${encodeURIComponent(organization)}`;
  }
}

const projectOf = ({ slug, organization }: v.InferOutput<typeof projectSchema>): Project => ({
  kind: 'sentry',
  organization: organization.slug,
  slug,
});
