import type { ParseOptions, ScalarTag, SchemaOptions, Tags } from 'yaml';

const INT = 'tag:yaml.org,2002:int';

/** go-yaml reads the octal form of YAML 1.2 as well, and every prefix in upper case. */
const prefixed: ScalarTag = {
  identify: () => false,
  default: true,
  tag: INT,
  format: 'PREFIX',
  test: /^[-+]?0(?:[oO][0-7_]+|B[01_]+|X[0-9a-fA-F_]+)$/,
  resolve: (source) => {
    const value = BigInt(source.replace(/[_+-]/g, '').toLowerCase());
    return toInteger(source.startsWith('-') ? -value : value);
  },
};

const binary: ScalarTag = {
  identify: () => false,
  default: false,
  tag: 'tag:yaml.org,2002:binary',
  resolve: (source) => {
    const bytes = Uint8Array.from(atob(source.replace(/\s/g, '')), (char) => char.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  },
};

function toInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The same tag, but exact beyond 2^53. */
function exact(tag: ScalarTag): ScalarTag {
  return {
    ...tag,
    resolve: (source, onError, options) => {
      const value = tag.resolve(source, onError, { ...options, intAsBigInt: true });
      return typeof value === 'bigint' ? toInteger(value) : value;
    },
  };
}

function kubectlTags(tags: Tags): Tags {
  const own: Tags = [prefixed, binary];
  for (const tag of tags) {
    if (typeof tag === 'string') continue;
    const isTime = tag.format === 'TIME' || tag.tag === 'tag:yaml.org,2002:timestamp';
    if (isTime || tag.tag === binary.tag) continue;
    own.push(tag.tag === INT && 'test' in tag ? exact(tag as ScalarTag) : tag);
  }
  return own;
}

/**
 * YAML as kubectl reads it (sigs.k8s.io/yaml over go-yaml): the booleans and octals of 1.1, merge keys, no
 * timestamps, no base 60; with duplicate keys the last one counts.
 */
export const KUBECTL_DIALECT: ParseOptions & SchemaOptions & { version: '1.1'; logLevel: 'silent' } = {
  version: '1.1',
  logLevel: 'silent',
  uniqueKeys: false,
  customTags: kubectlTags,
};
