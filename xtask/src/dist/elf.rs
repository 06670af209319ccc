//! What kind of file the linker made (System V ABI, "Object Files" and "Program Loading").

use std::fs;
use std::path::Path;

use crate::console::{Failure, Result};

/// The properties that a release promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Elf {
    /// Loaded at any address.
    position_independent: bool,
    /// Needs no interpreter, and so no libraries.
    fixed: bool,
    /// Has no symbol table.
    stripped: bool,
    /// Relocated data is read-only once it is in place.
    sealed: bool,
    /// Nothing on the stack can be run.
    inert_stack: bool,
}

impl Elf {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bytes =
            fs::read(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        Self::parse(&bytes).ok_or_else(|| {
            Failure::new(format!(
                "{} is no 64-bit little-endian ELF file",
                path.display()
            ))
        })
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        const DYN: u16 = 3;
        const INTERP: u32 = 3;
        const SYMTAB: u32 = 2;
        const GNU_STACK: u32 = 0x6474_e551;
        const GNU_RELRO: u32 = 0x6474_e552;
        const EXECUTABLE: u32 = 1;
        if bytes.get(..6)? != b"\x7fELF\x02\x01" {
            return None;
        }
        let headers = |start: usize, size: usize, number: usize| {
            let number = number.min(4096);
            (0..number).filter_map(move |at| bytes.get(start.checked_add(at * size)?..))
        };
        let long = |at: usize| {
            usize::try_from(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?)).ok()
        };
        let short = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        let word = |header: &[u8], at: usize| {
            Some(u32::from_le_bytes(header.get(at..at + 4)?.try_into().ok()?))
        };
        let segments = headers(long(32)?, usize::from(short(54)?), usize::from(short(56)?));
        let mut sections = headers(long(40)?, usize::from(short(58)?), usize::from(short(60)?));
        let segments: Vec<_> = segments
            .filter_map(|header| Some((word(header, 0)?, word(header, 4)?)))
            .collect();
        let flags = |kind: u32| segments.iter().find(|it| it.0 == kind).map(|it| it.1);
        Some(Self {
            position_independent: short(16)? == DYN,
            fixed: flags(INTERP).is_none(),
            sealed: flags(GNU_RELRO).is_some(),
            // A file that says nothing gets a stack that can be run.
            inert_stack: flags(GNU_STACK).is_some_and(|flags| flags & EXECUTABLE == 0),
            stripped: !sections.any(|header| word(header, 4) == Some(SYMTAB)),
        })
    }

    /// Refuses a binary that is not what a release promises.
    pub(crate) fn demand(self, fixed: bool) -> Result<()> {
        let wanted = Self {
            position_independent: true,
            fixed,
            stripped: true,
            sealed: true,
            inert_stack: true,
        };
        match self == wanted {
            true => Ok(()),
            false => Err(Failure::new(format!(
                "the binary is {} instead of {}",
                self.words(),
                wanted.words()
            ))),
        }
    }

    /// `static, position-independent, stripped`
    pub(crate) fn words(self) -> String {
        let mut words = vec![
            if self.fixed {
                "static"
            } else {
                "dynamically linked"
            },
            if self.position_independent {
                "position-independent"
            } else {
                "at a fixed address"
            },
            if self.stripped {
                "stripped"
            } else {
                "with symbols"
            },
        ];
        if !self.sealed {
            words.push("without RELRO");
        }
        if !self.inert_stack {
            words.push("with an executable stack");
        }
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_files_are_no_binaries() {
        for bytes in [&b""[..], b"\x7fELF", b"\x7fELF\x02\x01", &[0; 100]] {
            assert_eq!(Elf::parse(bytes), None);
        }
        let mut bytes = vec![0; 64];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[16] = 3;
        // Tables that end beyond the file.
        bytes[32..40].fill(0xff);
        bytes[56] = 9;
        let elf = Elf::parse(&bytes).unwrap();
        assert_eq!(
            elf.words(),
            "static, position-independent, stripped, without RELRO, with an executable stack"
        );
        // Two program headers, right behind this one.
        bytes[32..40].copy_from_slice(&64_u64.to_le_bytes());
        (bytes[54], bytes[56]) = (56, 2);
        for (kind, flags) in [(0x6474_e551_u32, 6_u32), (0x6474_e552, 4)] {
            let mut header = [0; 56];
            header[..4].copy_from_slice(&kind.to_le_bytes());
            header[4..8].copy_from_slice(&flags.to_le_bytes());
            bytes.extend(header);
        }
        let elf = Elf::parse(&bytes).unwrap();
        assert_eq!(elf.words(), "static, position-independent, stripped");
        assert!(elf.demand(true).is_ok() && elf.demand(false).is_err());
    }
}
