export { createEdge, type Edge, type EdgeFigures } from './edge.ts';
export type { EdgeRequest } from './edge-request.ts';
export { DEFAULT_HEADERS } from './headers.ts';
export type { EdgeOptions } from './options.ts';
export type { Output } from './recorder.ts';
export { type ZeekOptions, zeek } from './zeek.ts';
