import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { english } from './text.ts';

const LIVE = /(^|\/)(text|locale)\.ts$/;
const NAMES = new Set(['text', ...Object.keys(english), 'LOCALE', 'ZONE']);

/** The names of words and formats that a module would read as it is loaded, with the lines they stand on. */
function readEarly(code: string): string[] {
  const source = ts.createSourceFile('module.tsx', code, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TSX);
  const live = new Set<string>();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const { namedBindings } = statement.importClause ?? {};
    if (!LIVE.test(statement.moduleSpecifier.text) || namedBindings === undefined) continue;
    if (!ts.isNamedImports(namedBindings)) continue;
    for (const element of namedBindings.elements) {
      if (NAMES.has((element.propertyName ?? element.name).text)) live.add(element.name.text);
    }
  }
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isPropertyAccessExpression(node)) return look(node.expression);
    if (ts.isPropertyAssignment(node)) return look(node.initializer);
    if (ts.isIdentifier(node) && live.has(node.text)) {
      found.push(`${node.text}, line ${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
    }
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

const root = import.meta.dirname;
/** All modules but those that hold the words. */
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.ts$|^text\.ts$|^texts\/|^model\/locale\.ts$/.test(path))
  .map((path) => ({ path, code: readFileSync(join(root, path), 'utf8') }));

describe('words', () => {
  it('are read while drawing, not as modules are loaded: they would stay those of the first language', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap(({ path, code }) => readEarly(code).map((found) => `${path}: ${found}`))).toEqual([]);
  });

  it('are asked of text.ts, not of the English ones directly', () => {
    const direct = sources.filter(({ code }) => /from '[^']*texts\/(?!language\.ts)[^']+'/.test(code));
    expect(direct.map(({ path }) => path)).toEqual([]);
  });

  it.each([
    ["import { text } from '../text.ts';\nconst { page: words } = text.firstSteps;", ['text, line 2']],
    ["import { consent as words } from '../text.ts';\nconst LIST = [{ a: words.title }];", ['words, line 2']],
    ["import { ZONE } from './locale.ts';\nconst zoned = make(ZONE);", ['ZONE, line 2']],
    ["import { text } from '../text.ts';\nconst name = () => text.product;", []],
    ["import { text } from '../text.ts';\ntype Group = keyof typeof text.lists.groups;", []],
    ["import { text } from '../other.ts';\nconst name = text.product;", []],
  ])('%j is seen through', (code, found) => {
    expect(readEarly(code)).toEqual(found);
  });
});
