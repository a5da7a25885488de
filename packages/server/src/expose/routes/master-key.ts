import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Hub } from '../ports.ts';
import { addRoute } from '../route.ts';

const ROTATION = Type.Object(
  {
    version: Type.Integer({ description: 'The version that seals now.' }),
    resumed: Type.Boolean({ description: 'Whether a rotation that had been interrupted was ended.' }),
    resealed: Type.Array(Type.Object({ place: Type.String({ examples: ['day_keys'] }), values: Type.Integer() })),
    verified: Type.Integer({ description: 'Values that were opened again afterwards.' }),
    retired: Type.Array(Type.Integer(), { description: 'Versions that were destroyed.' }),
    left: Type.Union([Type.String(), Type.Null()], { examples: [null], description: 'What is left to do by hand.' }),
  },
  { title: 'Rotation' },
);

/** The master key; on the control socket only. */
export function addMasterKeyRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/master-key',
    access: 'operate',
    audit: 'master-key.rotate',
    summary: 'Makes a new version of the master key and seals everything anew under it',
    answers: {
      200: { description: 'What was done', schema: ROTATION },
      409: {
        description: 'Another process is doing so, or the file of the key cannot be written',
        codes: ['rotation-running', 'key-file-read-only'],
      },
    },
    async handler(request) {
      const rotation = await hub.rotateKey();
      const { version, resumed, verified, retired } = rotation;
      request.audit({ target: `version ${version}`, detail: { resumed, verified, retired } });
      return rotation;
    },
  });
}
