import { Type } from 'typebox';

/** Where the next page of a list begins: beside the rows in the answer of each list that can grow. */
export const NEXT = Type.Union([Type.String(), Type.Null()], {
  description: 'The cursor of the next page; null: this is the last.',
  examples: [null],
});
