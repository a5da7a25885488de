export const BUDGET: number;
export function firstLoad(dist: string): { bytes: number; files: { name: string; bytes: number }[] };
