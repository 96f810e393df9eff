import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../../optim/cholesky-solve.js';
import { transposeUntransform } from '../column-transform.js';
import type { LmmWork } from '../lmm-work.js';
import type { JointSpace } from './joint-problem.js';

/** A plane x'beta = t in the coordinates of the decomposition. */
export interface Plane {
  readonly x: Float64Array; // P
  readonly t: number;
}

/** a'beta = target in the columns' own units. */
export function planeOf(work: LmmWork, row: Float64Array, target: number): Plane {
  const { transform, response } = work.products;
  const x = row.slice();
  transposeUntransform(transform, x);
  let t = target;
  for (let j = 0; j < x.length; j++) t -= x[j] * response.start[j];
  return { x: x.map((v) => v * response.length), t };
}

/** basis'x for a whitened space: the plane's normal in its coordinates. */
export function normalIn(space: JointSpace, plane: Plane): Float64Array {
  if (space.beta === null) return new Float64Array(0);
  const { basis, free } = space.beta;
  const P = plane.x.length;
  const g = new Float64Array(free);
  for (let k = 0; k < free; k++) for (let j = 0; j < P; j++) g[k] += basis[j + k * P] * plane.x[j];
  return g;
}

/**
 * The part of a whitened space that lies in all of the planes: its origin moved there by the shortest way, and the directions along
 * them. Planes that follow from others count once.
 */
export function spaceInPlanes(space: JointSpace, planes: readonly Plane[]): JointSpace {
  if (space.beta === null || planes.length === 0) return space;
  const { origin, basis, free } = space.beta;
  const P = origin.length;
  const normals: Float64Array[] = []; // orthonormal
  const moved = origin.slice();
  const kept: { readonly normal: Float64Array; readonly plane: Plane; readonly size: number }[] = [];
  for (const plane of planes) {
    const g = normalIn(space, plane);
    const size = Math.hypot(...g);
    const rest = orthogonalised(g, normals);
    const length = Math.hypot(...rest);
    if (!(length > 1e-10 * size)) continue;
    normals.push(rest.map((v) => v / length));
    kept.push({ normal: g, plane, size });
  }
  // the shortest move: a combination of the normals that meets every plane
  const h = kept.length;
  const gram = new Float64Array(h * h);
  const gap = new Float64Array(h);
  kept.forEach((a, i) => {
    kept.forEach((b, j) => {
      for (let k = 0; k < free; k++) gram[i + j * h] += a.normal[k] * b.normal[k];
    });
    gap[i] = a.plane.t;
    for (let j = 0; j < P; j++) gap[i] -= a.plane.x[j] * origin[j];
  });
  if (h > 0 && shiftedCholesky(gram, h, 0, gram)) {
    solveLowerInPlace(gram, h, gap);
    solveLowerTransposedInPlace(gram, h, gap);
    const step = new Float64Array(free);
    kept.forEach(({ normal }, i) => {
      for (let k = 0; k < free; k++) step[k] += gap[i] * normal[k];
    });
    for (let k = 0; k < free; k++) for (let j = 0; j < P; j++) moved[j] += basis[j + k * P] * step[k];
  }
  // directions along the planes: what is left of the axes
  const axes: Float64Array[] = [];
  const order = Array.from({ length: free }, (_, k) => k).sort((a, b) => remainder(normals, a) - remainder(normals, b));
  for (const k of order.reverse()) {
    if (axes.length === free - h) break;
    const axis = new Float64Array(free);
    axis[k] = 1;
    const rest = orthogonalised(axis, [...normals, ...axes]);
    const length = Math.hypot(...rest);
    if (length > 1e-6) axes.push(rest.map((v) => v / length));
  }
  const along = new Float64Array(P * axes.length);
  axes.forEach((axis, a) => {
    for (let k = 0; k < free; k++) for (let j = 0; j < P; j++) along[j + a * P] += basis[j + k * P] * axis[k];
  });
  return { ...space, beta: { origin: moved, basis: along, free: axes.length } };
}

/** Squared length of an axis after the normals are taken out of it. */
function remainder(normals: readonly Float64Array[], axis: number): number {
  return normals.reduce((t, n) => t - n[axis] * n[axis], 1);
}

/** Twice is enough: v without its part along orthonormal vectors. */
function orthogonalised(v: Float64Array, against: readonly Float64Array[]): Float64Array {
  const rest = v.slice();
  for (let pass = 0; pass < 2; pass++)
    for (const n of against) {
      let t = 0;
      for (let k = 0; k < rest.length; k++) t += n[k] * rest[k];
      for (let k = 0; k < rest.length; k++) rest[k] -= t * n[k];
    }
  return rest;
}

/** Multipliers of the planes: the least-squares mu with gradient + sum mu_i normal_i = 0. */
export function multipliers(gradient: Float64Array, normals: readonly Float64Array[]): Float64Array {
  const h = normals.length;
  const gram = new Float64Array(h * h);
  const right = new Float64Array(h);
  normals.forEach((a, i) => {
    normals.forEach((b, j) => {
      for (let k = 0; k < a.length; k++) gram[i + j * h] += a[k] * b[k];
    });
    for (let k = 0; k < a.length; k++) right[i] -= a[k] * gradient[k];
  });
  if (!shiftedCholesky(gram, h, 0, gram)) return new Float64Array(h).fill(Number.NaN);
  solveLowerInPlace(gram, h, right);
  solveLowerTransposedInPlace(gram, h, right);
  return right;
}
