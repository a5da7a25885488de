import { type Static, Type } from 'typebox';

/** An error as RFC 9457 has it; every answer of the API with a status of 400 or more is one. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'What kind of problem: a stable URN.' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.Optional(Type.String({ description: 'What is wrong here, for people.' })),
    instance: Type.Optional(Type.String({ description: 'The request, as the log names it.' })),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          name: Type.String(),
          reason: Type.String(),
          index: Type.Optional(
            Type.Integer({ minimum: 0, description: 'Which one, from 0, of a parameter that may be repeated.' }),
          ),
        }),
        { description: 'Each parameter or field that is wrong.' },
      ),
    ),
  },
  {
    title: 'Problem',
    examples: [
      {
        type: 'urn:vedette:problem:invalid',
        title: 'Bad Request',
        status: 400,
        detail: 'limit: must be >= 1',
        errors: [{ name: 'limit', reason: 'must be >= 1' }],
      },
    ],
  },
);
export type Problem = Static<typeof Problem>;

export const PROBLEM_TYPE = 'application/problem+json';
