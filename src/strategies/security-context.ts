import type * as V1 from 'kubernetes-types/core/v1.js';

/**
 * What the restricted Pod Security Standard asks for; what the pod says holds for our container as for all others. The
 * user is that of the container that is served. Where root is forbidden and nobody else is named, it is `user`: with its
 * image's root the container would never start (CreateContainerConfigError). null: nobody is named then either.
 */
export function planSecurityContext(
  pod: V1.PodSpec,
  own: V1.SecurityContext,
  user: number | null,
): V1.SecurityContext {
  const { seccompProfile, seLinuxOptions } = own;
  const given = own.runAsUser ?? null;
  const runAsUser = lacksUser(pod, own) ? user : given;
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    ...(own.readOnlyRootFilesystem ? { readOnlyRootFilesystem: true } : {}),
    ...(own.runAsNonRoot ? { runAsNonRoot: true } : {}),
    ...(runAsUser === null ? {} : { runAsUser }),
    ...(seccompProfile ? { seccompProfile } : {}),
    ...(seLinuxOptions ? { seLinuxOptions } : {}),
  };
}

/** Must it not be root, and is nobody else named? */
export function lacksUser({ securityContext }: V1.PodSpec, own: V1.SecurityContext): boolean {
  const mustNotBeRoot = own.runAsNonRoot || securityContext?.runAsNonRoot;
  return mustNotBeRoot === true && !(own.runAsUser ?? securityContext?.runAsUser);
}
