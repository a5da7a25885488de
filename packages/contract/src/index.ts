/** What goes over the wire: schemas, and the types they stand for. Edge, browser and dashboard import types only. */
export * from './account.ts';
export * from './browser.ts';
export * from './consent.ts';
export * from './hosts.ts';
export * from './imports.ts';
export * from './integrations.ts';
export * from './interactions.ts';
export * from './privacy.ts';
export * from './problem.ts';
export * from './requests.ts';
export * from './sources.ts';
export * from './status.ts';
export * from './traffic.ts';
