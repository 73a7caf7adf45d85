//! Cross-correlation by the fast Fourier transform (Cooley and Tukey, radix 2, in place).

use std::f64::consts::TAU;

/// A complex number: real and imaginary part.
type Complex = (f64, f64);

fn times(a: Complex, b: Complex) -> Complex {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// In place; the length is a power of two. Unscaled in both directions.
fn transform(data: &mut [Complex], inverse: bool) {
    let n = data.len();
    if n < 2 {
        return;
    }
    let bits = n.trailing_zeros();
    for i in 0..n {
        let j = i.reverse_bits() >> (usize::BITS - bits);
        if i < j {
            data.swap(i, j);
        }
    }
    let sign = if inverse { TAU } else { -TAU };
    let roots: Vec<Complex> = (0..n / 2)
        .map(|k| {
            let angle = sign * k as f64 / n as f64;
            (angle.cos(), angle.sin())
        })
        .collect();
    let mut half = 1;
    while half < n {
        let stride = n / (2 * half);
        for block in data.chunks_exact_mut(2 * half) {
            let (low, high) = block.split_at_mut(half);
            for (k, (a, b)) in low.iter_mut().zip(high).enumerate() {
                let turned = times(*b, roots[k * stride]);
                *b = (a.0 - turned.0, a.1 - turned.1);
                *a = (a.0 + turned.0, a.1 + turned.1);
            }
        }
        half *= 2;
    }
}

/// For every lag at which the two overlap, in order: the sum of products of `piece` and of `signal` from `lag` on.
pub(crate) fn cross_correlation(piece: &[f64], signal: &[f64]) -> Vec<(i64, f64)> {
    let n = (piece.len() + signal.len()).next_power_of_two();
    let padded = |values: &[f64]| {
        let mut data: Vec<Complex> = values.iter().map(|value| (*value, 0.0)).collect();
        data.resize(n, (0.0, 0.0));
        transform(&mut data, false);
        data
    };
    let (piece_spectrum, mut data) = (padded(piece), padded(signal));
    for (s, p) in data.iter_mut().zip(piece_spectrum) {
        *s = times(*s, (p.0, -p.1));
    }
    transform(&mut data, true);
    let scale = 1.0 / n as f64;
    let earliest = -(piece.len() as i64 - 1);
    (earliest..signal.len() as i64)
        .map(|lag| (lag, data[lag.rem_euclid(n as i64) as usize].0 * scale))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_sum_of_products_at_every_lag() {
        let (piece, signal) = ([1.0, -2.0, 3.0], [4.0, 0.0, -1.0, 2.0, 5.0]);
        for (lag, product) in cross_correlation(&piece, &signal) {
            let direct: f64 = piece
                .iter()
                .enumerate()
                .filter_map(|(i, p)| {
                    let at = usize::try_from(i as i64 + lag).ok()?;
                    Some(p * signal.get(at)?)
                })
                .sum();
            assert!((product - direct).abs() < 1e-9, "lag {lag}: {product} is not {direct}");
        }
    }
}
