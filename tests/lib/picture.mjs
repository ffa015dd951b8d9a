// SPDX-License-Identifier: AGPL-3.0-or-later
// A picture made on the spot: hills under an evening sky, as PNG.
//
//	const bytes = picture(640, 420);
import { crc32, deflateSync } from 'node:zlib';

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

function colour(x, y) {
  const hills = [
    [0.5 + 0.08 * Math.sin(6 * x), [122, 140, 160]],
    [0.64 + 0.07 * Math.sin(4 * x + 2), [88, 112, 104]],
    [0.8 + 0.05 * Math.sin(9 * x + 1), [52, 74, 60]],
  ];
  const hill = hills.findLast(([edge]) => y > edge);
  if (hill) return hill[1];
  if ((x - 0.72) ** 2 + ((y - 0.3) * 0.66) ** 2 < 0.004) return [255, 240, 205];
  return [250 - 60 * y, 205 - 40 * y, 170 + 60 * y];
}

export function picture(width, height) {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0, at = 0; y < height; y++) {
    at++; // no filter
    for (let x = 0; x < width; x++) for (const part of colour(x / width, y / height)) rows[at++] = part;
  }
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
