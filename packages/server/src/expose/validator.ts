import { Ajv, type AnySchema, type Options } from 'ajv';
import formats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';

// What is not known is refused rather than taken away. What is wrong is told with the schema that says so, for its example.
const OPTIONS: Options = { allErrors: true, useDefaults: true, strict: false, verbose: true };

/**
 * Checks what calls bring. Parameters arrive as texts and are read as what they stand for; a body says what it is, so
 * that a number in the place of a text is wrong.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<AnySchema> {
  const ofTexts = withFormats(new Ajv({ ...OPTIONS, coerceTypes: 'array' }));
  const ofBodies = withFormats(new Ajv(OPTIONS));
  return ({ schema, httpPart }) => (httpPart === 'body' ? ofBodies : ofTexts).compile(schema);
}

function withFormats(ajv: Ajv): Ajv {
  formats.default(ajv);
  return ajv;
}
