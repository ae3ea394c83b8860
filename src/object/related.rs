//! The objects that come expanded inside a membership or plan.

use std::fmt;

use serde::Deserialize;

use super::{JsonObject, lenient};

/// A product: what is sold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Product {
    /// Product id, `prod_…` or the older `pass_…`.
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "lenient")]
    pub name: Option<String>,
    /// Who sees it.
    #[serde(deserialize_with = "lenient")]
    pub visibility: Option<String>,
    /// When it was created, in Unix seconds.
    #[serde(deserialize_with = "lenient")]
    pub created_at: Option<i64>,
    /// Ids of its experiences.
    #[serde(deserialize_with = "lenient")]
    pub experiences: Option<Vec<String>>,
    /// Ids of its plans.
    #[serde(deserialize_with = "lenient")]
    pub plans: Option<Vec<String>>,
}

/// A buyer. Its `Debug` shows the id alone.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct User {
    /// User id, `user_…`.
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    /// Whop's user name.
    #[serde(deserialize_with = "lenient")]
    pub username: Option<String>,
    /// E-mail address.
    #[serde(deserialize_with = "lenient")]
    pub email: Option<String>,
    /// Address of the profile picture.
    #[serde(deserialize_with = "lenient")]
    pub profile_pic_url: Option<String>,
    /// Accounts elsewhere.
    #[serde(deserialize_with = "lenient")]
    pub social_accounts: Option<Vec<JsonObject>>,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("id", &self.id).finish_non_exhaustive()
    }
}
