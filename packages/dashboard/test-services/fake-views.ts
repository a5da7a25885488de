import type { NewView, SavedView, SavedViews, ViewChange } from '@vedette/contract';
import type { FakeAnswer } from './fake-tenant.ts';

interface Asked {
  method: string;
  /** Below /api/v1. */
  path: string;
  body: string;
  views: SavedView[];
}

/** What is asked about saved views, all of which are the viewer's unless a test says otherwise; null for other paths. */
export function answerViews({ method, path, body, views }: Asked): FakeAnswer | null {
  const [, root, id] = path.split('/');
  if (root !== 'views') return null;
  if (id === undefined && method === 'GET') return { status: 200, body: { views, next: null } satisfies SavedViews };
  const now = new Date().toISOString();
  if (id === undefined) {
    const asked = JSON.parse(body) as NewView;
    if (views.some(({ mine, name }) => mine && name === asked.name)) return taken();
    const made: SavedView = {
      shared: false,
      ...asked,
      id: crypto.randomUUID(),
      mine: true,
      owner: 'Anna',
      created: now,
      updated: now,
    };
    views.push(made);
    return { status: 201, body: made };
  }
  const at = views.findIndex((view) => view.id === id);
  const view = views[at];
  if (view === undefined) return { status: 404, body: { type: 'about:blank', title: 'Not found', status: 404 } };
  if (method === 'DELETE') {
    views.splice(at, 1);
    return { status: 204, body: '' };
  }
  if (method === 'PATCH') Object.assign(view, JSON.parse(body) as ViewChange, { updated: now });
  return { status: 200, body: view };
}

function taken(): FakeAnswer {
  const detail = 'there is a view of that name';
  return {
    status: 409,
    body: { type: 'urn:vedette:problem:name-taken', title: 'Name taken', status: 409, detail },
  };
}
