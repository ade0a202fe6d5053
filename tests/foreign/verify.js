// Checks proofs of entries with npm's @sigstore/verify alone: its checkpoint code opens the signed
// head, its Merkle code leads from the entry to the root. Ours is only the reading of files:
// sigstore keeps the same in a bundle of JSON, a journal in c2sp.org/tlog-proof files.
//
//     node verify.js NAME+ID+KEY PROOF ENTRY [PROOF ENTRY]...
//
// It prints a line for each proof: verified, or refused and why.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { PublicKeyDetails } = require("@sigstore/protobuf-specs");
const { toTrustMaterial } = require("@sigstore/verify");

// The package exports only what verifies whole bundles, which hold signatures of software, too.
const inside = path.dirname(require.resolve("@sigstore/verify"));
const { verifyTLogInclusion } = require(path.join(inside, "tlog"));

// RFC 8410: what stands before the 32 bytes of an Ed25519 key to make it a public key in DER.
const ED25519_DER = Buffer.from("302a300506032b6570032100", "hex");

function logWithKey(text) {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text);
  const publicKey = {
    rawBytes: Buffer.concat([ED25519_DER, Buffer.from(encoded, "base64").subarray(1)]),
    keyDetails: PublicKeyDetails.PKIX_ED25519,
  };
  const log = { baseUrl: `https://${name}`, logId: { keyId: Buffer.from(id, "hex") }, publicKey };
  const roots = { certificateAuthorities: [], timestampAuthorities: [], ctlogs: [], tlogs: [log] };
  return toTrustMaterial(roots).tlogs;
}

function entryWithProof(proof, canonicalizedBody) {
  const [head, ...rest] = proof.split("\n\n");
  const [format, ...lines] = head.split("\n");
  const [index, ...hashes] = lines.filter((line) => !line.startsWith("extra "));
  if (format !== "c2sp.org/tlog-proof@v1" || !index.startsWith("index ")) {
    throw new Error("not a c2sp.org/tlog-proof file");
  }
  return {
    canonicalizedBody,
    inclusionProof: {
      logIndex: index.slice("index ".length),
      hashes: hashes.map((hash) => Buffer.from(hash, "base64")),
      checkpoint: { envelope: rest.join("\n\n") },
    },
  };
}

function told(logs, proof, entry) {
  try {
    const text = fs.readFileSync(proof, "utf8");
    verifyTLogInclusion(entryWithProof(text, fs.readFileSync(entry)), logs);
    return "verified";
  } catch (problem) {
    return `refused: ${problem.message}`;
  }
}

const [key, ...files] = process.argv.slice(2);
const logs = logWithKey(key);
for (let at = 0; at < files.length; at += 2) {
  console.log(told(logs, files[at], files[at + 1]));
}
