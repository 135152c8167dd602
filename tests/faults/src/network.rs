//! Machines of their own for brokers, in network namespaces, which can be cut off from each other
//! and not from their clients.

use std::{net::Ipv4Addr, process::Command};

use crate::Place;

/// The ports of every machine: each has all ports to itself.
const PORT: u16 = 9092;
const CONTROLLER_PORT: u16 = 9093;

/// Machines that reach each other, and that this one reaches. They go when dropped.
pub struct Network {
    /// Part of all names, and of all addresses: other runs on this machine have others.
    number: u32,
    machines: u8,
}

impl Network {
    /// Makes a network of some machines, where one may.
    pub fn make(machines: u8) -> Option<Self> {
        let network = Self { number: std::process::id(), machines };
        let bridge = network.bridge();
        let gateway = format!("{}/24", network.address(1));
        let is_made = ip(&format!("link add {bridge} type bridge"))
            && ip(&format!("address add {gateway} dev {bridge}"))
            && ip(&format!("link set {bridge} up"))
            && (0..machines).all(|machine| network.add(machine));
        is_made.then_some(network)
    }

    /// Where a broker runs on each of the machines.
    pub fn places(&self) -> Vec<Place> {
        let place = |machine| Place {
            host: self.of(machine),
            port: PORT,
            controller_port: CONTROLLER_PORT,
            namespace: Some(self.namespace(machine)),
        };
        (0..self.machines).map(place).collect()
    }

    /// Cuts a machine off from all others, and from nobody else.
    pub fn cut_off(&self, machine: usize) {
        self.route("add", machine);
    }

    /// Mends that.
    pub fn mend(&self, machine: usize) {
        self.route("del", machine);
    }

    fn add(&self, machine: u8) -> bool {
        let (namespace, bridge) = (self.namespace(machine), self.bridge());
        let (outside, address) = (format!("{bridge}-{machine}"), self.of(machine));
        ip(&format!("netns add {namespace}"))
            && ip(&format!("link add {outside} type veth peer name eth0 netns {namespace}"))
            && ip(&format!("link set {outside} master {bridge} up"))
            && ip(&format!("-n {namespace} address add {address}/24 dev eth0"))
            && ip(&format!("-n {namespace} link set eth0 up"))
            && ip(&format!("-n {namespace} link set lo up"))
    }

    fn route(&self, change: &str, machine: usize) {
        let machine = u8::try_from(machine).expect("it is one of them");
        for other in (0..self.machines).filter(|other| *other != machine) {
            let (namespace, other) = (self.namespace(machine), self.of(other));
            let done = ip(&format!("-n {namespace} route {change} blackhole {other}/32"));
            assert!(done, "the machine is not cut off");
        }
    }

    fn of(&self, machine: u8) -> Ipv4Addr {
        self.address(machine + 2)
    }

    fn address(&self, host: u8) -> Ipv4Addr {
        let [.., net] = self.number.to_be_bytes();
        Ipv4Addr::new(10, 203, net, host)
    }

    fn bridge(&self) -> String {
        format!("fmf{}", self.number)
    }

    fn namespace(&self, machine: u8) -> String {
        format!("{}-{machine}", self.bridge())
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for machine in 0..self.machines {
            ip(&format!("netns del {}", self.namespace(machine)));
        }
        ip(&format!("link del {}", self.bridge()));
    }
}

/// Runs `ip`, and says whether it did what it was asked to.
fn ip(arguments: &str) -> bool {
    let mut ip = Command::new("ip");
    ip.args(arguments.split(' '));
    ip.output().is_ok_and(|output| output.status.success())
}
