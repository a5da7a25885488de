/** A fault with a stable code. Expected refusals are values (see Refusal); faults are thrown. */
export class Fault extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Fault';
    this.code = code;
  }
}

/** Wrong usage by the person at the command line or in a request: exit code 2, or a 4xx. */
export class UsageFault extends Fault {
  constructor(message: string, code = 'usage') {
    super(code, message);
    this.name = 'UsageFault';
  }
}
