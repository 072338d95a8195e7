//! Bytes of an unknown encoding as UTF-8 text with plain line ends.
//! Knows nothing of cells; it only leaves a mark at the end, so that an open quote is noticed.

use super::row::{ROW_CAP, TableError};
use std::io::{self, Read, Seek};

/// How the bytes of a table stand for letters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Encoding {
    /// What its byte order mark says, else UTF-8 where the whole file is, else Windows-1252.
    #[default]
    Detect,
    Utf8,
    /// With a byte order mark, else little end first.
    Utf16,
    Windows1252,
}

/// What stands alone on the last line of every [`Text`]: the control character END OF TEXT.
pub(crate) const END: &str = "\u{3}";

/// How many bytes are decoded at a time.
const CHUNK: usize = 16 * 1024;

/// A reader of decoded text: line ends are `\n`, and [`END`] stands on the last line.
pub(crate) struct Text<R> {
    source: R,
    decoder: encoding_rs::Decoder,
    ready: String,
    given: usize,
    after_return: bool,
    ended: bool,
    allowance: usize,
}

impl<R: Read + Seek> Text<R> {
    /// Decides the encoding, reading the source twice if it has to.
    pub(crate) fn open(mut source: R, encoding: Encoding) -> Result<Self, TableError> {
        let mut first = Vec::new();
        (&mut source).take(4).read_to_end(&mut first)?;
        source.rewind()?;
        let zip = first.starts_with(b"PK\x03\x04");
        if zip || first.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Err(TableError::Workbook);
        }
        let marked = encoding_rs::Encoding::for_bom(&first).map(|(encoding, _)| encoding);
        let chosen = match encoding {
            Encoding::Utf8 => encoding_rs::UTF_8,
            Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
            Encoding::Utf16 if marked == Some(encoding_rs::UTF_16BE) => encoding_rs::UTF_16BE,
            Encoding::Utf16 => encoding_rs::UTF_16LE,
            Encoding::Detect => match marked {
                Some(marked) => marked,
                None if is_utf8(&mut source)? => encoding_rs::UTF_8,
                None => encoding_rs::WINDOWS_1252,
            },
        };
        source.rewind()?;
        Ok(Self {
            source,
            decoder: chosen.new_decoder_with_bom_removal(),
            ready: String::new(),
            given: 0,
            after_return: false,
            ended: false,
            allowance: ROW_CAP,
        })
    }
}

impl<R: Read> Text<R> {
    /// The first line that is not blank, up to a line end outside quotes; nothing is consumed.
    pub(crate) fn heading_line(&mut self) -> io::Result<&str> {
        while self.heading_end().is_none() && !self.ended && self.ready.len() < ROW_CAP {
            self.fill()?;
        }
        let end = self.heading_end().unwrap_or(self.ready.len());
        Ok(self.ready[..end].trim_start_matches('\n'))
    }

    /// How many more bytes may be read before the reader refuses with `FileTooLarge`.
    pub(crate) fn allow(&mut self, bytes: usize) {
        self.allowance = bytes;
    }

    fn heading_end(&self) -> Option<usize> {
        let blank = self.ready.len() - self.ready.trim_start_matches('\n').len();
        let mut quoted = false;
        let line = self.ready[blank..].bytes().position(|byte| {
            quoted ^= byte == b'"';
            byte == b'\n' && !quoted
        })?;
        Some(blank + line)
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(CHUNK);
        self.source.by_ref().take(CHUNK as u64).read_to_end(&mut bytes)?;
        self.ended = bytes.is_empty();
        let room = self.decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(4 * CHUNK);
        let mut text = String::with_capacity(room);
        // The answer only repeats what the letters show: a replaced byte is U+FFFD.
        let _ = self.decoder.decode_to_string(&bytes, &mut text, self.ended);
        let fresh = if self.after_return { text.strip_prefix('\n') } else { None };
        let fresh = fresh.unwrap_or(&text);
        self.ready.push_str(&fresh.replace("\r\n", "\n").replace('\r', "\n"));
        if !text.is_empty() {
            self.after_return = text.ends_with('\r');
        }
        if self.ended {
            self.ready.push_str(&format!("\n{END}\n"));
        }
        Ok(())
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.ready.clear();
            self.given = 0;
            self.fill()?;
        }
        let rest = &self.ready.as_bytes()[self.given..];
        let count = rest.len().min(out.len());
        self.allowance = self.allowance.checked_sub(count).ok_or(io::ErrorKind::FileTooLarge)?;
        out[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

fn is_utf8(source: &mut impl Read) -> io::Result<bool> {
    let mut bytes = Vec::with_capacity(2 * CHUNK);
    loop {
        let read = source.by_ref().take(CHUNK as u64).read_to_end(&mut bytes)?;
        match str::from_utf8(&bytes) {
            Ok(_) => bytes.clear(),
            Err(error) if error.error_len().is_some() => return Ok(false),
            Err(error) => drop(bytes.drain(..error.valid_up_to())),
        }
        if read == 0 {
            return Ok(bytes.is_empty());
        }
    }
}

/// Whether a text shows that it was read in the wrong encoding, as `perchÃ©` does.
pub(crate) fn garbled(text: &str) -> bool {
    /// The letters that Windows-1252 has where UTF-8 continues a letter, besides U+00A0–U+00BF.
    const CONTINUES: &str = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";
    let continues = |c: char| ('\u{80}'..='\u{BF}').contains(&c) || CONTINUES.contains(c);
    // The second half of à is a space that does not break, which is easily lost.
    let lost = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let pairs = || text.chars().zip(text.chars().map(Some).skip(1).chain([None]));
    !text.is_ascii()
        && (text.contains('\u{FFFD}')
            || text.contains("â€")
            || pairs().any(|(lead, next)| match lead {
                'Ã' => lost(next) || next.is_some_and(continues),
                'Â' => next.is_some_and(continues),
                _ => false,
            }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn read(bytes: &[u8], encoding: Encoding) -> String {
        let mut text = String::new();
        Text::open(Cursor::new(bytes), encoding).unwrap().read_to_string(&mut text).unwrap();
        text.strip_suffix("\n\u{3}\n").unwrap().to_owned()
    }

    #[test]
    fn every_encoding_a_spreadsheet_writes_is_recognised() {
        let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{FEFF}città".encode_utf16().flat_map(unit).collect()
        };
        for bytes in [
            "città".as_bytes(),
            "\u{FEFF}città".as_bytes(),
            b"citt\xE0",
            &utf16(u16::to_le_bytes),
            &utf16(u16::to_be_bytes),
        ] {
            assert_eq!(read(bytes, Encoding::Detect), "città", "{bytes:?}");
        }
    }

    #[test]
    fn a_letter_cut_by_the_end_of_a_chunk_does_not_change_the_encoding() {
        let text = format!("{}è\r\n", "a".repeat(CHUNK - 1));
        assert_eq!(read(text.as_bytes(), Encoding::Detect), text.replace("\r\n", "\n"));
        let returns = format!("{}\r\nb\rc", "a".repeat(CHUNK - 1));
        let read = read(returns.as_bytes(), Encoding::Detect);
        assert_eq!(read.trim_start_matches('a'), "\nb\nc");
    }

    #[test]
    fn a_forced_encoding_is_obeyed_and_its_damage_seen() {
        assert!(garbled(&read("perché".as_bytes(), Encoding::Windows1252)));
        assert!(garbled(&read(b"citt\xE0 ", Encoding::Utf8)));
        assert!(garbled(&read("l’età".as_bytes(), Encoding::Windows1252)));
        assert!(garbled(read("città".as_bytes(), Encoding::Windows1252).trim()));
        for sound in ["«È così», perché… più", "NÃO", "Â", "50 €"] {
            assert!(!garbled(sound), "{sound}");
        }
    }
}
