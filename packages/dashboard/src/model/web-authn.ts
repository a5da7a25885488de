// Between the JSON of WebAuthn (Web Authentication Level 3, 5.1) and what browsers take. Not all convert it themselves yet,
// so it is done here for all alike.

/** base64url without padding, as WebAuthn's JSON has bytes. */
export function toBase64Url(bytes: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Throws for what is no base64url. */
export function fromBase64Url(text: string): ArrayBuffer {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0)).buffer;
}

type Descriptor = PublicKeyCredentialDescriptorJSON;

function readDescriptors(list: readonly Descriptor[]): PublicKeyCredentialDescriptor[] {
  return list.map(({ id, transports, type }) => ({
    id: fromBase64Url(id),
    type: type as PublicKeyCredentialType,
    ...(transports !== undefined && { transports: transports as AuthenticatorTransport[] }),
  }));
}

/** Options for a new passkey, as the browser takes them. */
export function readCreationOptions(json: PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptions {
  const { challenge, user, excludeCredentials = [], extensions: _, ...rest } = json;
  return {
    ...rest,
    challenge: fromBase64Url(challenge),
    user: { ...user, id: fromBase64Url(user.id) },
    excludeCredentials: readDescriptors(excludeCredentials),
  } as PublicKeyCredentialCreationOptions;
}

/** Options for the use of a passkey, as the browser takes them. */
export function readRequestOptions(json: PublicKeyCredentialRequestOptionsJSON): PublicKeyCredentialRequestOptions {
  const { challenge, allowCredentials = [], extensions: _, ...rest } = json;
  return {
    ...rest,
    challenge: fromBase64Url(challenge),
    allowCredentials: readDescriptors(allowCredentials),
  } as PublicKeyCredentialRequestOptions;
}

/** A new passkey as JSON. */
export function writeRegistration(credential: PublicKeyCredential): RegistrationResponseJSON {
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: toBase64Url(response.clientDataJSON),
      attestationObject: toBase64Url(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  } as RegistrationResponseJSON;
}

/** The proof of a passkey as JSON. */
export function writeAuthentication(credential: PublicKeyCredential): AuthenticationResponseJSON {
  const { clientDataJSON, authenticatorData, signature, userHandle } =
    credential.response as AuthenticatorAssertionResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: toBase64Url(clientDataJSON),
      authenticatorData: toBase64Url(authenticatorData),
      signature: toBase64Url(signature),
      ...(userHandle !== null && { userHandle: toBase64Url(userHandle) }),
    },
  } as AuthenticationResponseJSON;
}

function common({ id, rawId, type, authenticatorAttachment }: PublicKeyCredential) {
  return {
    id,
    rawId: toBase64Url(rawId),
    type,
    ...(authenticatorAttachment !== null && { authenticatorAttachment }),
    // None is asked for.
    clientExtensionResults: {},
  };
}
