//! The office side: receives what kiosks counted, keeps it, shows it.
//!
//! Read [`receive`] first: it is what becomes of a bundle. [`store`] keeps, [`serve`] speaks HTTP.

pub mod password;
pub mod receive;
pub mod serve;
pub mod store;
