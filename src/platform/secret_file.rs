//! Files that hold a secret: read with a look at who else can read them.

use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use zeroize::Zeroizing;

/// What is asked of a file with a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileTrust {
    /// No link, and no mode beyond 0600.
    Private,
    /// Anything: container platforms mount secrets as links, readable by others. Each such file is warned of.
    Mounted,
}

impl FileTrust {
    /// The words of the setting.
    pub const WORDS: &[&str] = &["private", "mounted"];
}

/// A secret and what is wrong with its file.
pub struct FileSecret {
    /// What the file holds.
    pub text: Zeroizing<String>,
    /// Who else has it, as the end of a sentence about the file.
    pub exposed: Option<String>,
}

/// Reads a file of at most `most` bytes.
///
/// # Errors
/// When it cannot be read.
pub fn read(path: &Path, most: u64) -> io::Result<FileSecret> {
    let is_link = std::fs::symlink_metadata(path)?.is_symlink();
    let file = std::fs::File::open(path)?;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    let exposed = if is_link {
        Some("is a symbolic link".to_owned())
    } else {
        (mode & 0o177 != 0).then(|| format!("has mode {mode:04o}, which is more than 0600"))
    };
    let mut text = Zeroizing::new(String::new());
    file.take(most).read_to_string(&mut text)?;
    Ok(FileSecret { text, exposed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_others_can_read_is_told_of() {
        // LG-02
        let folder = std::env::temp_dir().join(format!("vouchsafe_secret_file_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("secret");
        std::fs::write(&path, "hunter2\n").unwrap();
        for (mode, exposed) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o444, true), (0o644, true), (0o700, true)] {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
            let secret = read(&path, 1_024).unwrap();
            assert_eq!((secret.text.as_str(), secret.exposed.is_some()), ("hunter2\n", exposed), "{mode:o}");
        }
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        let link = folder.join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(read(&link, 1_024).unwrap().exposed.unwrap().contains("link"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
