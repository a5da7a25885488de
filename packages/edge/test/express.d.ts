// Both versions of Express live here under names of their own; the types of the newer one do for both.
declare module 'express4' {
  import express from 'express';
  export default express;
}
declare module 'express5' {
  import express from 'express';
  export default express;
}
