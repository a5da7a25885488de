import { Ajv, type AnySchema, type Options, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';

// What is not known is refused rather than taken away. What is wrong is told with the schema that says so, for its example.
const OPTIONS: Options = { allErrors: true, useDefaults: true, strict: false, verbose: true };

/** Says whether data is as the schema wants it; what is wrong is then in `errors`, as Fastify looks for it. */
type Validate = ((data: unknown) => boolean) & Pick<ValidateFunction, 'errors'>;

/**
 * Checks what calls bring. Parameters arrive as texts and are read as what they stand for; a body says what it is, so
 * that a number in the place of a text is wrong.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<AnySchema> {
  const ofTexts = withFormats(new Ajv({ ...OPTIONS, coerceTypes: 'array' }));
  const ofBodies = withFormats(new Ajv(OPTIONS));
  return ({ schema, httpPart }) => whenCalled(() => (httpPart === 'body' ? ofBodies : ofTexts).compile(schema));
}

/** Compiles at the first call: all schemas of a hub take a quarter of its start, and most calls are to a few routes. */
function whenCalled(compile: () => ValidateFunction): Validate {
  let compiled: ValidateFunction | null = null;
  const validate: Validate = (data) => {
    compiled ??= compile();
    const fits = compiled(data);
    validate.errors = compiled.errors ?? null;
    return fits;
  };
  return validate;
}

function withFormats(ajv: Ajv): Ajv {
  formats.default(ajv);
  return ajv;
}
