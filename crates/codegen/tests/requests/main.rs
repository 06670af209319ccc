//! Small descriptions, and the requests that become of them: which calls make it, and what the model is shown.

#[cfg(test)]
mod bodies;
#[cfg(test)]
mod choice;
#[cfg(test)]
mod collections;
#[cfg(test)]
mod content;
#[cfg(test)]
mod files;
#[cfg(test)]
mod made;
#[cfg(test)]
mod texts;
