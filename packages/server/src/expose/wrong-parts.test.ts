import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { createValidatorCompiler } from './validator.ts';
import { wrongParts } from './wrong-parts.ts';

const compile = createValidatorCompiler();
const SCHEMA = Type.Object(
  {
    email: Type.Optional(Type.String({ pattern: '^[^@]+@[^@]+$', examples: ['ada@example.com'] })),
    code: Type.Optional(Type.String({ pattern: '^[0-9]+$' })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 5, pattern: '\\S' })),
    format: Type.Optional(Type.Union([Type.Literal('csv'), Type.Literal('ndjson')])),
    limit: Type.Optional(Type.Union([Type.Integer({ minimum: 1 }), Type.Null()])),
    deep: Type.Optional(Type.Object({ text: Type.String({ minLength: 3 }) }, { additionalProperties: false })),
  },
  { additionalProperties: false, minProperties: 1 },
);

test.each<[unknown, [string, string][]]>([
  [{ email: 'ada' }, [['email', 'must be like ada@example.com']]],
  [{ code: 'x' }, [['code', 'must match ^[0-9]+$']]],
  [{ name: '' }, [['name', 'must not be blank']]],
  [{ name: ' ' }, [['name', 'must not be blank']]],
  [{ name: 'longer' }, [['name', 'must have 5 characters at most']]],
  [{ format: 'xml' }, [['format', 'must be csv or ndjson']]],
  [{ limit: 0 }, [['limit', 'must be >= 1 or null']]],
  [{ deep: {} }, [['deep', "must have required property 'text'"]]],
  [{ deep: { text: 'ab' } }, [['deep.text', 'must have 3 characters or more']]],
  [{ colour: 1 }, [['colour', 'is not known here']]],
  [{}, [['body', 'must say something']]],
  [[], [['body', 'must be object']]],
  [
    { email: '', format: 3 },
    [
      ['email', 'must be like ada@example.com'],
      ['format', 'must be csv or ndjson'],
    ],
  ],
])('%j is wrong in words', (body, expected) => {
  const validate = compile({ schema: SCHEMA, method: 'POST', url: '/', httpPart: 'body' });
  expect(validate(body)).toBe(false);
  const { errors } = validate as unknown as { errors: Parameters<typeof wrongParts>[0] };
  expect(wrongParts(errors, 'body').map(({ name, reason }) => [name, reason])).toEqual(expected);
});
