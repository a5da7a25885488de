import { readCreationOptions, readRequestOptions, writeAuthentication, writeRegistration } from '../model/web-authn.ts';

/** Whether this browser has passkeys at all; it has none on plain http, localhost aside. */
export function hasPasskeys(): boolean {
  return 'PublicKeyCredential' in window;
}

/** Whether it offers them among what it fills into the field of the e-mail address. */
export async function offersPasskeys(): Promise<boolean> {
  if (!hasPasskeys()) return false;
  try {
    return (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true;
  } catch {
    return false;
  }
}

/** The person chose none, the browser gave up, or it has none: nothing that is worth a message of its own. */
export class NoPasskey extends Error {
  override name = 'NoPasskey';
}

async function answered(credential: Promise<Credential | null>): Promise<PublicKeyCredential> {
  let given: Credential | null = null;
  try {
    given = await credential;
  } catch (error) {
    throw new NoPasskey(error instanceof Error ? error.message : String(error), { cause: error });
  }
  if (given === null) throw new NoPasskey('none');
  return given as PublicKeyCredential;
}

/**
 * Has the person prove who they are with a passkey. `offered`: only if they choose it from what the browser offers to fill
 * in. Throws a NoPasskey.
 */
export async function askPasskey(
  options: PublicKeyCredentialRequestOptionsJSON,
  { offered = false, signal }: { offered?: boolean; signal?: AbortSignal } = {},
): Promise<AuthenticationResponseJSON> {
  const publicKey = readRequestOptions(options);
  const credential = await answered(
    navigator.credentials.get({
      publicKey,
      ...(offered && { mediation: 'conditional' as const }),
      ...(signal !== undefined && { signal }),
    }),
  );
  return writeAuthentication(credential);
}

/** Has the browser make a passkey. Throws a NoPasskey. */
export async function makePasskey(options: PublicKeyCredentialCreationOptionsJSON): Promise<RegistrationResponseJSON> {
  return writeRegistration(await answered(navigator.credentials.create({ publicKey: readCreationOptions(options) })));
}
