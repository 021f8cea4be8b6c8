//! What the stories of the desk share with those of the hall.

#[path = "../common/browser.rs"]
pub mod browser;
#[path = "../common/folders.rs"]
pub mod folders;
#[path = "../common/forger.rs"]
pub mod forger;
#[path = "../common/machine.rs"]
pub mod machine;
#[path = "../common/office.rs"]
pub mod office;
#[path = "../common/postgres.rs"]
pub mod postgres;
#[path = "../common/program.rs"]
pub mod program;
#[path = "../common/proxy.rs"]
pub mod proxy;
#[path = "../common/short.rs"]
pub mod short;
