//! Figures about the server for Prometheus: how it is doing, nothing about kiosks or people. Begin with [`Metrics`].

use prometheus::{Histogram, HistogramOpts, IntCounterVec, Opts, Registry, TextEncoder};

/// The server's figures.
pub struct Metrics {
    registry: Registry,
    /// Bundles that arrived, by what became of them.
    pub bundles: IntCounterVec,
    /// Requests that were not listened to, by why.
    pub turned_away: IntCounterVec,
    /// Seconds from a whole bundle to its answer.
    pub receiving: Histogram,
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let bundles = IntCounterVec::new(Opts::new("office_bundles_total", "Bundles that arrived"), &["answer"])?;
        let turned_away = IntCounterVec::new(
            Opts::new("office_turned_away_total", "Requests that were not listened to"),
            &["why"],
        )?;
        let receiving = Histogram::with_opts(HistogramOpts::new(
            "office_receiving_seconds",
            "From a whole bundle to its answer",
        ))?;
        registry.register(Box::new(bundles.clone()))?;
        registry.register(Box::new(turned_away.clone()))?;
        registry.register(Box::new(receiving.clone()))?;
        Ok(Self {
            registry,
            bundles,
            turned_away,
            receiving,
        })
    }

    /// The figures in Prometheus' text format.
    pub fn text(&self) -> Result<String, prometheus::Error> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}
