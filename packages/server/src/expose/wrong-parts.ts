import type { Problem } from '@vedette/contract';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';

type Wrong = FastifySchemaValidationError & { parentSchema?: { examples?: unknown[]; const?: unknown } };
type Part = NonNullable<Problem['errors']>[number];

/**
 * What a schema found wrong, part by part and in words. Of a choice between several, what each of them would have wanted is
 * one reason. `where` is what the whole is called: `body`, `querystring`.
 */
export function wrongParts(validation: readonly FastifySchemaValidationError[], where: string): Part[] {
  const byName = Map.groupBy(validation as readonly Wrong[], (wrong) => nameOf(wrong) || where);
  return [...byName].flatMap(([name, found]) => {
    const choice = found.some(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
    // A text that would have to be this one is told by its value alone.
    const typed = (one: Wrong) => one.keyword === 'type' && one.parentSchema?.const !== undefined;
    const single = found.filter((one) => one.keyword !== 'anyOf' && one.keyword !== 'oneOf' && !typed(one));
    const reasons = [...new Set((single.length === 0 ? found : single).map(reasonOf))];
    if (!choice || reasons.length < 2) return reasons.map((reason) => ({ name, reason }));
    return [{ name, reason: `must be ${reasons.map((reason) => reason.replace(/^must be /, '')).join(' or ')}` }];
  });
}

function nameOf({ instancePath, keyword, params }: Wrong): string {
  const path = instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'additionalProperties') return path || String(params.additionalProperty);
  return path || (keyword === 'required' ? String(params.missingProperty) : '');
}

function reasonOf({ keyword, params, message, parentSchema }: Wrong): string {
  switch (keyword) {
    case 'additionalProperties':
      return 'is not known here';
    case 'const':
      return `must be ${params.allowedValue}`;
    case 'minLength':
      return params.limit === 1 ? 'must not be blank' : `must have ${params.limit} characters or more`;
    case 'maxLength':
      return `must have ${params.limit} characters at most`;
    case 'minProperties':
      return params.limit === 1 ? 'must say something' : (message ?? 'is wrong');
    case 'pattern': {
      if (params.pattern === '\\S') return 'must not be blank';
      const [example] = parentSchema?.examples ?? [];
      return typeof example === 'string' ? `must be like ${example}` : `must match ${params.pattern}`;
    }
    default:
      return message ?? 'is wrong';
  }
}
