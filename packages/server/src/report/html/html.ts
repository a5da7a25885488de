import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { escapeHtml } from '../../flow/escape-html.ts';
import type { Report } from '../report.ts';
import { minuteOf } from '../terminal/text.ts';
import { MAP_HEIGHT, MAP_WIDTH, worldMap } from './map.ts';
import { pageData } from './page-data.ts';
import { scriptJson } from './script-json.ts';

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#17356b"/><path d="M7 9.5 16 24l9-14.5" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/><circle cx="16" cy="10.5" r="2.9" fill="#f4bb55"/></svg>';

/**
 * The report as one page that needs nothing else: style, script, map and figures are in it, and its content policy
 * lets it load nothing. Figures are data, never markup.
 */
export function htmlReport(report: Report): string {
  const style = readFileSync(new URL('./page.css', import.meta.url), 'utf8');
  const script = readFileSync(new URL('./page.js', import.meta.url), 'utf8');
  const policy = `default-src 'none'; img-src data:; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'`;
  const title = `Traffic report${report.window.from === null ? '' : `, ${windowText(report)}`}`;
  const icon = `data:image/svg+xml;base64,${Buffer.from(ICON).toString('base64')}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Vedette">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${icon}">
<style>${style}</style>
</head>
<body>
<header class="top">
<img src="${icon}" alt="" width="36" height="36">
<div><h1>Traffic report</h1><p class="window" id="window"></p></div>
<button id="theme" type="button" aria-label="Light or dark">◐</button>
</header>
<nav class="bar" id="bar" aria-label="What is shown"></nav>
<main id="main"><noscript><p class="card">This page draws its charts and tables with a script of its own, which is switched off.</p></noscript></main>
<footer>${report.attributions.map((text) => `<p>${escapeHtml(text)}</p>`).join('')}<p>Map: Natural Earth. Made by Vedette from the log files named above; times are UTC.</p></footer>
<template id="world">${mapSvg(report)}</template>
<script type="application/json" id="data">${scriptJson(pageData(report))}</script>
<script>${script}</script>
</body>
</html>
`;
}

function windowText({ window }: Report): string {
  return `${minuteOf(window.from ?? '')} – ${minuteOf(window.to ?? '')} UTC`;
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function mapSvg(report: Report): string {
  const countries = new Set(report.top.countries.rows.map((row) => row.key));
  const shapes = worldMap(countries).map(({ country, path }) => `<path data-c="${country}" d="${path}"/>`);
  return `<svg class="world" viewBox="0 0 ${MAP_WIDTH} ${MAP_HEIGHT}" role="img" aria-label="Requests by country">${shapes.join('')}</svg>`;
}
