//! `photos.*`: pictures of oneself.

use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{
    Asker, Service, bad,
    build::{list, object},
};
use crate::{
    calls::Audience,
    world::users::{User, UserId},
};

/// Pictures kept per person; at the bound the oldest is no longer shown.
const MOST_PHOTOS: usize = 100;

impl Service {
    pub(super) fn photos_upload_profile_photo(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let mut user = self.own_user(asker.logged_in()?)?;
        if request.get("bot").is_some() {
            return Err(bad("BOT_INVALID"));
        }
        // A moving picture alone is not taken: it could not be shown still.
        let file = request.object("file").ok_or_else(|| bad("PHOTO_FILE_MISSING"))?;
        let id = self.take_photo(asker, Some(file))?;
        user.photos.insert(0, id);
        user.photos.truncate(MOST_PHOTOS);
        Ok(self.change_photos(asker, user))
    }

    pub(super) fn photos_update_profile_photo(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let mut user = self.own_user(own)?;
        let input = request.object("id");
        if input.is_some_and(|it| it.name() == "inputPhotoEmpty") {
            // The one before it is shown again.
            user.photos.drain(..user.photos.len().min(1));
        } else {
            let id = self.named_photo(own, input, "PHOTO_ID_INVALID")?;
            if !user.photos.contains(&id) {
                return Err(bad("PHOTO_ID_INVALID"));
            }
            user.photos.retain(|it| *it != id);
            user.photos.insert(0, id);
        }
        Ok(self.change_photos(asker, user))
    }

    pub(super) fn photos_delete_photos(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let mut user = self.own_user(own)?;
        let asked = request.vector("id").unwrap_or(&[]).iter().take(MOST_PHOTOS);
        let named = asked.filter_map(|it| self.named_photo(own, it.as_object(), "PHOTO_ID_INVALID").ok());
        let gone: Vec<i64> = named.filter(|id| user.photos.contains(id)).collect();
        if !gone.is_empty() {
            user.photos.retain(|id| !gone.contains(id));
            self.change_photos(asker, user);
        }
        Ok(list(gone))
    }

    pub(super) fn photos_get_user_photos(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let id = self.named(own, request.object("user_id"), "USER_ID_INVALID")?;
        let photos = self.world.users().by_id(id).map_or(&[][..], |user| &user.photos);
        let number = |field| usize::try_from(request.int(field).unwrap_or(0)).unwrap_or(0);
        let last = request.long("max_id").filter(|id| *id > 0);
        let page = photos.iter().filter(|id| last.is_none_or(|last| **id < last));
        let page = page.skip(number("offset")).take(number("limit").min(MOST_PHOTOS));
        let shown: Vec<Object> = page.filter_map(|id| self.photo(own, *id)).collect();
        let answer = if shown.len() == photos.len() {
            object("photos.photos")
        } else {
            object("photos.photosSlice").with("count", i32::try_from(photos.len()).unwrap_or(i32::MAX))
        };
        Ok(answer.with("photos", shown).with("users", self.users(own, [id])).into())
    }

    /// The picture beside a name.
    pub(super) fn small_photo(&self, user: &User) -> Option<Object> {
        let id = *user.photos.first()?;
        Some(object("userProfilePhoto").with("photo_id", id).with("dc_id", self.config.dc_id))
    }

    /// The picture somebody shows now.
    pub(super) fn current_photo(&self, viewer: UserId, user: UserId) -> Option<Object> {
        self.photo(viewer, *self.world.users().by_id(user)?.photos.first()?)
    }

    /// Puts a user with other pictures in the place of the old one and tells everybody concerned.
    fn change_photos(&mut self, asker: &Asker, user: User) -> Value {
        let (own, date) = (user.id, asker.date());
        self.world.replace_user(user);
        let update = || vec![object("updateUser").with("user_id", own.0).into()];
        for it in self.acquaintances(own) {
            let body = self.updates_with(it, update(), [own], date);
            self.push(it, Audience::All, None, body);
        }
        let body = self.updates_with(own, update(), [own], date);
        self.push(own, Audience::All, Some(asker.session), body);
        let photo = self.current_photo(own, own);
        object("photos.photo")
            .with("photo", photo.unwrap_or_else(|| object("photoEmpty").with("id", 0_i64)))
            .with("users", self.users(own, [own]))
            .into()
    }
}
