//! What kinds of services there are.

use fullmakt_operations::compose::variable;
use serde_json::Value;

/// What a service is, by its image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A broker.
    Broker,
    /// PostgreSQL.
    Database,
    /// Our binary, which goes on until it is stopped.
    Server,
    /// Our binary, which does one thing and ends.
    Step,
}

impl Kind {
    /// What this service is.
    pub fn of(service: &Value) -> Self {
        let image = service["image"].as_str().expect("it has an image");
        match image.split(':').next() {
            Some("apache/kafka") => Self::Broker,
            Some("postgres") => Self::Database,
            Some("fullmakt") if service["restart"] == "no" => Self::Step,
            Some("fullmakt") => Self::Server,
            Some(_) | None => panic!("nothing stands for {image} here"),
        }
    }

    /// The ports that a service of this kind listens at.
    pub fn ports(self, service: &Value) -> Vec<u16> {
        let listens = match self {
            Self::Broker => variable(service, "KAFKA_LISTENERS"),
            Self::Database => ":5432",
            // A step has the setting and does not listen.
            Self::Server | Self::Step => variable(service, "FULLMAKT_HTTP__ADDRESS"),
        };
        let ports = listens.split(',').filter_map(|listener| listener.rsplit(':').next());
        ports.map(|port| port.parse().expect(listens)).collect()
    }
}
