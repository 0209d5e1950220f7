var m,Qt,ft,z,dt,Re,en,Ce,tn,pt,ht,Hi,fe=Symbol.for("pv"),Me={},Le=[],Ni=/^m(i|n|o|s|text|space)$/,mt=Array.isArray,vt=Le.slice,te=Object.assign;function ee(n){
n&&n.parentNode&&n.remove()}function nn(n,e,t){var i,o,r,s={},a=arguments.length;for(r in e)r=="key"?i=e[r]:r=="ref"&&typeof n!="function"?o=e[r]:s[r]=e[r];return a>
2&&(s.children=a>3?vt.call(arguments,2):t),he(n,s,i,o,null)}function he(n,e,t,i,o){var r={type:n,props:e,key:t,ref:i,__k:null,__:null,__b:0,__e:null,__c:null,constructor:fe,__v:o||++Qt,__i:-1,__u:0};return!o&&m.vnode&&m.
vnode(r),r}function x(n){return n.children}function G(n,e){this.props=n,this.context=e,this.__g=0}function J(n,e){if(e==null)return n.__&&J(n.__,n.__i+1);for(var t;e<n.__k.
length;e++)if((t=n.__k[e])&&t.__e)return t.__e;return typeof n.type!="function"||n.props.__P?null:J(n)}function Fi(n){var e,t=n.__v,i=t.__e,o=[],r=[],s=n.__P;s&&
((e=te({constructor:fe},t)).__v=t.__v+1,m.vnode&&m.vnode(e),gt(s,e,t,n.__n,s.namespaceURI,32&t.__u?[i]:null,o,i||J(t),32&t.__u,r),e.__v=t.__v,e.__.__k[e.__i]=e,
un(o,e,r),t.__=t.__e=null,e.__e!=i&&on(e))}function on(n){if((n=n.__)&&n.__c&&!n.props.__P)return n.__e=null,n.__k.some(function(e){return e&&(n.__e=e.__e)}),on(
n)}function Zt(n){(8&n.__g||(n.__g|=8,z.push(n),Re++))&&dt==m.debounceRendering||((dt=m.debounceRendering)||queueMicrotask)(rn)}function rn(){try{for(var n,e=1;z.
length;)z.length>e&&z.sort(en),n=z.shift(),e=z.length,8&n.__g&&Fi(n)}finally{(Re=z.length)&&(dt||queueMicrotask)(rn)}}function sn(n,e,t,i,o,r,s,a,u,d,h){var b,g,
c,p,M,y,k=i.__k||Le,v=e.length;for(u=ji(t,e,k,u,v),b=0;b<v;b++)(c=t.__k[b])!=null&&(g=~c.__i&&k[c.__i]||Me,c.__i=b,y=gt(n,c,g,o,r,s,a,u,d,h),p=c.__e,(g.ref!=c.ref||
8&g.__u)&&(g.ref&&yt(g.ref,null,c,g),c.ref&&h.push(c.ref,c.__c||p,c)),M=M||p,4&c.__u?(u=an(c,u,n,!g.__v),g.__e&&(g.__e=null)):typeof c.type=="function"&&y!==void 0?
u=y:p&&(u=p.nextSibling),c.__u&=-21);return t.__e=M,u}function ji(n,e,t,i,o){var r,s,a,u,d,h,b,g,c,p=t.length,M=p,y=0,k=0,v=n.__k=Array(o);for(r=0;r<o;r++)(s=e[r])!=
null&&typeof s!="boolean"&&typeof s!="function"?(typeof s!="object"||s.constructor===String?s=v[r]=he(null,s):mt(s)?s=v[r]=he(x,{children:s}):s.constructor===fe&&
s.__b?s=v[r]=he(s.type,s.props,s.key,s.ref,s.__v):v[r]=s,u=r+y,s.__=n,s.__b=n.__b+1,a=null,~(d=s.__i=Ui(s,t,u,M))&&(M--,(a=t[d])&&(a.__u|=2)),a&&a.__v?(s.__u|=16,
d==u-1?y--:d==u+1?y++:d!=u&&(d>u?y--:y++,k=1)):(~d||(o>p?y--:o<p&&y++),typeof s.type!="function"&&(s.__u|=4))):v[r]=null;if(k){for(h=[],b=[],r=0;r<o;r++)if((s=v[r])&&
16&s.__u){for(y=0,g=h.length;y<g;)h[c=y+g>>1]<s.__i?y=c+1:g=c;h[y]=s.__i,b[r]=y+1}for(y=h.length;r--;)b[r]&&(b[r]==y?y--:v[r].__u|=4)}if(M)for(r=0;r<p;r++)!(a=t[r])||
2&a.__u||(a.__e==i&&(i=J(a)),bt(a,a));return i}function an(n,e,t,i){var o,r,s,a;if(typeof n.type=="function"){if(n.props.__P)return e;if(o=n.__k)for(r=0;r<o.length;r++)
o[r]&&(o[r].__=n,e=an(o[r],e,t,!1));return e}for(e&&!e.parentNode&&(e=J(n))&&!e.parentNode&&(e=null),s=n.__e,a=e;a&&a.nodeType==8;)a=a.nextSibling;for(s!=a&&(!i&&
t.moveBefore&&s.parentNode?t.moveBefore(s,e):t.insertBefore(s,e||null)),e=s;(e=e&&e.nextSibling)&&e.nodeType==8&&!e.data.startsWith("$s"););return e}function Ui(n,e,t,i){var o,r=n.key,s=n.type,a=e[t],u=a&&!(2&a.__u);if(a===null&&r==null||u&&r==a.key&&s==a.type)return t;if(i>(u?1:0)){for(o=t-1;o>=0;o--)if((a=
e[o])&&!(2&a.__u)&&r==a.key&&s==a.type)return o;for(o=t+1;o<e.length;o++)if((a=e[o])&&!(2&a.__u)&&r==a.key&&s==a.type)return o}return-1}function Xt(n,e,t){t==null&&
(t=""),e[0]=="-"?n.setProperty(e,t):n[e]=t}function Te(n,e,t,i,o){var r,s;if(e=="style")if(typeof t=="string")n.style.cssText=t;else{if(typeof i=="string"&&(n.style.
cssText=i=""),i)for(e in i)t&&e in t||Xt(n.style,e);if(t)for(e in t)i&&t[e]==i[e]||Xt(n.style,e,t[e])}else if(e[0]=="o"&&e[1]=="n")typeof t!="function"&&(t=null),
typeof i!="function"&&(i=null),(n.__e||(n.__e={}))[e]=t,t&&i||(s=ht[e]||(ht[e]=Bi(e)),(n.__a||(n.__a={}))[e]=pt,r=e!=(e=e.replace(tn,"$1")),(e=e.slice(2))[0]<"a"&&
(e=e.toLowerCase()),t?n.addEventListener(e,s,r):n.removeEventListener(e,s,r));else{if(o=="http://www.w3.org/2000/svg")e=e.replace(/xlink(H|:h)/,"h").replace(/sName$/,
"s");else if(e!="width"&&e!="height"&&e!="href"&&e!="list"&&e!="form"&&e!="tabIndex"&&e!="download"&&e!="rowSpan"&&e!="colSpan"&&e!="role"&&e!="popover"&&e in n)
try{return void(n[e]=t??"")}catch{}if(typeof t=="function")return;t==null||t===!1&&e[4]!="-"?n.removeAttribute(e):n.setAttribute(e,e=="popover"&&t==1?"":t)}}function Bi(n){
return function(e){var t=this.__e;if(t){if(t=t[n],e[Ce]==null)e[Ce]=pt++;else if(e[Ce]<this.__a[n])return;return t(m.event?m.event(e):e)}}}function gt(n,e,t,i,o,r,s,a,u,d){
var h,b,g,c,p,M,y,k,v,L,S,ct,Jt,Se,X,Yt,V,Q,U=e.type;if(e.constructor!==fe)return null;128&t.__u&&(u=32&t.__u,h=t.__c.__z)&&(e.__u|=u,b=r=[],h.nodeType==8?a=Pe(
h,r):r.push(h),a=r[0]||a),(h=m.__b)&&h(e);e:if(typeof U=="function"){g=s.length;try{if(k=e.props,v=(h=U.prototype)&&h.render,L=(h=U.contextType)&&i[h.__c],S=h?L?
L.props.value:h.__:i,(c=t.__c)?(e.__c=c,2&c.__g&&(c.__g|=1)):(v?e.__c=c=new U(k,S):(e.__c=c=new G(k,S),c.constructor=U,c.render=Ki),L&&L.sub(c),c.state||(c.state=
{}),c.__n=i,c.__g|=8,c.__h=[],c.__k=[]),v&&(c.__s||(c.__s=c.state),U.getDerivedStateFromProps&&(c.__s==c.state&&(c.__s=te({},c.__s)),te(c.__s,U.getDerivedStateFromProps(
k,c.__s)))),p=c.props,M=c.state,c.__v=e,t.__c){if(k!==p&&v&&!U.getDerivedStateFromProps&&c.componentWillReceiveProps&&c.componentWillReceiveProps(k,S),e.__v==t.
__v&&!(8&c.__g)||!(4&c.__g)&&c.shouldComponentUpdate&&c.shouldComponentUpdate(k,c.__s,S)===!1){e.__v!=t.__v&&(c.props=k,c.state=c.__s,c.__g&=-9),e.__e=t.__e,e.__k=
t.__k,e.__k.some(function(D){D&&(D.__=e)}),Le.push.apply(c.__h,c.__k),c.__k=[],c.__h.length&&s.push(c),a=J(t);break e}c.componentWillUpdate&&c.componentWillUpdate(
k,c.__s,S),v&&c.componentDidUpdate&&c.__h.push(function(){c.componentDidUpdate(p,M,y)})}else v&&!U.getDerivedStateFromProps&&c.componentWillMount&&c.componentWillMount(),
v&&c.componentDidMount&&c.__h.push(c.componentDidMount);c.context=S,c.props=k,c.__P=n,c.__g&=-5,ct=m.__r,Jt=v?25:0;do c.__g&=-9,ct&&ct(e),h=c.render(c.props,c.state=
c.__s,c.context);while(8&c.__g&&++Jt<25);v&&(Le.push.apply(c.__h,c.__k),c.__k=[]),c.state=c.__s,c.getChildContext&&(i=te({},i,c.getChildContext())),v&&t.__c&&c.
getSnapshotBeforeUpdate&&(y=c.getSnapshotBeforeUpdate(p,M)),Se=h&&h.type===x&&h.key==null?h.props.children:h,k.__P&&(h=a,o=(n=k.__P).namespaceURI,u=r=null,t.props&&
t.props.__P!=n&&(t.__k.some(function(D){D&&bt(D,D)}),t.__k=null),a=t.__k?J(t,0):null),a=sn(n,mt(Se)?Se:[Se],e,t,i,o,r,s,a,u,d),k.__P&&(e.__e=null,a=h),e.__u&=-161,
b&&b.some(ee),c.__h.length&&s.push(c),1&c.__g&&(c.__g&=-4)}catch(D){if(s.length=g,e.__v=null,u||r)if(D&&D.then){if(e.__u|=128|u,r){for(~(V=r.indexOf(a||void 0))||
(V=r.length);(Q=r[V-1])&&Q.nodeType==8;)V--;for(;V<r.length;V++)if(Q=r[V])if(r[V]=null,X){if(Q==Yt)break}else{if(Q.nodeType!=8)break;Q.data.startsWith("$s")&&(Yt=
Pe(X=Q))}}if(!X){for(;a&&a.nodeType==8&&a.nextSibling;)a=a.nextSibling;X=a}(h=Pe(X=e.__c.__z||(e.__c.__z=X)))?(e.__e=X,a=h):e.__e=a,a=a&&a.nextSibling}else r&&r.
some(ee);else e.__e=t.__e;e.__k||(e.__k=t.__k||[]),D&&D.then||ln(e),m.__e(D,e,t)}}else a=e.__e=qi(t.__e,e,t,i,o,r,s,u,d,n);return(h=m.diffed)&&h(e),a}function Pe(n,e){
if(n&&n.nodeType==8&&n.data.startsWith("$s"))for(var t=1;n=n.nextSibling;){if(n.nodeType==8){if(n.data.startsWith("$s"))t++;else if(n.data.startsWith("/$s")&&!--t)
return n}e&&e.push(n)}}function ln(n){n&&(n.__c&&(n.__c.__g|=4),n.__k&&n.__k.some(ln))}function un(n,e,t){for(var i=0;i<t.length;)yt(t[i++],t[i++],t[i++]);m.__c&&
m.__c(e,n),n.some(function(o){try{n=o.__h,o.__h=[],n.some(function(r){r.call(o)})}catch(r){m.__e(r,o.__v)}})}function qi(n,e,t,i,o,r,s,a,u,d){var h,b,g,c,p,M,y,
k,v=t.props||Me,L=e.props,S=e.type;if(S=="svg"?o="http://www.w3.org/2000/svg":S=="math"?o="http://www.w3.org/1998/Math/MathML":o||(o="http://www.w3.org/1999/xht\
ml"),r){for(h=0;h<r.length;h++)if((p=r[h])&&(S?p.localName==S:p.nodeType==3)){n=p,r[h]=null;break}}if(!n){if(k=d.ownerDocument||document,!S)return k.createTextNode(
L);n=k.createElementNS(o,S,L.is?L:d),a&&(m.__m&&m.__m(e,r),a=!1),r=null}if(S){if(d=S=="template"&&n.content||n,r=S=="textarea"&&L.defaultValue!=null?null:r&&vt.
call(d.childNodes),!a&&r)for(v={},h=0;h<n.attributes.length;h++)v[(p=n.attributes[h]).name]=p.value;for(h in v)p=v[h],h=="dangerouslySetInnerHTML"?g=p:h=="child\
ren"||h in L||h=="value"&&"defaultValue"in L||h=="checked"&&"defaultChecked"in L||Te(n,h,null,p,o);for(h in L)p=L[h],h=="children"?c=p:h=="dangerouslySetInnerHT\
ML"?b=p:h=="value"?M=p:h=="checked"?y=p:a&&typeof p!="function"||v[h]===p||Te(n,h,p,v[h],o);b?(a||g&&(b.__html==g.__html||b.__html==n.innerHTML)||(n.innerHTML=b.
__html),e.__k=[]):(g&&(n.textContent=""),(S=="foreignObject"||o=="http://www.w3.org/1998/Math/MathML"&&Ni.test(S))&&(o="http://www.w3.org/1999/xhtml"),sn(d,mt(c)?
c:[c],e,t,i,o,r,s,r?r[0]:t.__k&&J(t,0),a,u),r&&r.some(ee)),a&&S!="textarea"||(h="value",S=="progress"&&M==null?n.removeAttribute(h):M==null||M===n[h]&&(S!="prog\
ress"||M)||Te(n,h,M,v[h],o),h="checked",y!=null&&y!=n[h]&&Te(n,h,y,v[h],o))}else v===L||a&&n.data==L||(n.data=L);return n}function yt(n,e,t,i){try{typeof n=="fu\
nction"?e?e.__x=n(e)||1:i&&(i=i.__c||i.__e)&&(e=i.__x)&&(i.__x=null,typeof e=="function"?e():n(null)):n.current=e}catch(o){m.__e(o,t)}}function bt(n,e,t){var i,
o,r,s;if(m.unmount&&m.unmount(n),!(i=n.ref)||i.current&&i.current!=n.__e||yt(i,null,e,n),i=n.__c){if(i.componentWillUnmount)try{i.componentWillUnmount()}catch(a){
m.__e(a,e)}i.__P=i.__n=null}if(i=n.__k)for(s=0;s<i.length;s++)i[s]&&bt(i[s],e,typeof n.type!="function"||t&&!n.props.__P);!t&&(i=n.__c)&&(i=i.__z)&&(o=Pe(i,r=[]))&&
(i==n.__e&&r.some(ee),ee(o),ee(i)),t||ee(n.__e),n.__e=n.__c=n.__=null}function Ki(n,e,t){return this.constructor(n,t)}function cn(n,e){var t,i,o,r;m.__&&m.__(n,
e),e.nodeType==9&&(e=e.documentElement),i=(t=n&&32&n.__u)?null:e.__k,e.__k=he(x,{children:[n]}),o=[],r=[],gt(e,e.__k,i||Me,Me,e.namespaceURI,i?null:e.firstChild?
vt.call(e.childNodes):null,o,i?i.__e:e.firstChild,t,r),un(o,e.__k,r),e.__k.props.children=null}m={__e:function(n,e,t,i){for(var o,r,s;e=e.__;)if((o=e.__c)&&!(1&o.__g)){o.__g|=4;try{if((s=(r=o.constructor)&&r.getDerivedStateFromError)&&o.setState(r.getDerivedStateFromError(
n)),o.componentDidCatch&&(o.componentDidCatch(n,i||{}),s=1),s&&8&o.__g)return void(o.__g|=2)}catch(a){n=a}}throw Re=0,n}},Qt=0,ft=function(n){return n!=null&&n.
constructor===fe},G.prototype.setState=function(n,e){var t=this.__s;t&&t!=this.state||(t=this.__s=te({},this.state)),typeof n=="function"&&(n=n(te({},t),this.props)),
n&&(te(t,n),this.__v&&(e&&this.__k.push(e),Zt(this)))},G.prototype.forceUpdate=function(n){this.__v&&(this.__g|=4,n&&this.__h.push(n),Zt(this))},G.prototype.render=
x,z=[],Re=0,en=function(n,e){return n.__v.__b-e.__v.__b},Ce=Symbol(),tn=/(PointerCapture)$|Capture$/i,pt=0,ht={},Hi=0;var me,A,_t,dn,Wi=Object.is,wt=0,_n=[],kt=[],T=m,hn=T.__b,fn=T.__r,pn=T.diffed,mn=T.__c,vn=T.unmount,gn=T.__;function Et(n,e){T.__h&&T.__h(A,n,wt||e),wt=0;var t=A.
__H||(A.__H={__:[],__h:[]});return n>=t.__.length&&t.__.push({}),t.__[n]}function ve(n,e){var t=Et(me++,3);!T.__s&&St(t.__H,e)&&(t.__P=!0,t.__=n,t.u=e,A.__H.__h.push(t))}function Y(n,e){var t=Et(me++,4);!T.__s&&St(t.__H,e)&&(t.__P=!1,
t.__=n,t.u=e,A.__h.push(t))}function N(n){return wt=5,se(function(){return{current:n}},[])}function se(n,e){var t=Et(me++,7);return St(t.__H,e)&&(t.__=n(),t.__H=e),t.__}function Vi(){var n;do{for(;n=kt.shift();)try{pe(n)}catch(t){T.__e(t,{__:(n=n.__P)&&n.__v})}for(;n=_n.shift();){var e=n.__H;if(n.__P&&e)try{e.__h.some(pe),e.__h.
some(xt),e.__h=[]}catch(t){e.__h=[],T.__e(t,n.__v)}}}while(kt.length)}T.__b=function(n){A=null,hn&&hn(n)},T.__=function(n,e){n&&e.__k&&e.__k.__m&&(n.__m=e.__k.__m),
gn&&gn(n,e)},T.__r=function(n){fn&&fn(n),me=0;var e=(A=n.__c).__H;e&&(_t==A?A.__h=[]:(e.__h.some(pe),e.__h.some(xt),me=0),e.__h=[],e.__.some(function(t){t.__N&&
(t.__=t.__N),t.u=t.__N=void 0})),_t=A},T.diffed=function(n){pn&&pn(n);var e=n.__c;e&&e.__H&&(e.__H.__h.length&&bn(_n.push(e)),e.__H.__.some(function(t){t.u&&(t.
__H=t.u)})),_t=A=null},T.__c=function(n,e){e.some(function(t){try{t.__h.some(pe),t.__h=t.__h.filter(function(i){return!i.__||xt(i)})}catch(i){t.__h=[function(){
throw i}]}}),mn&&mn(n,e)},T.unmount=function(n){vn&&vn(n);var e,t,i=n.__c;i&&i.__H&&(i.__H.__.some(function(o){try{if(o.__P&&o.__c){if(t===void 0){for(t=n.__;t&&
(!t.__c||!t.__c.__P);)t=t.__;t=t&&t.__c}o.__P=t,bn(kt.push(o))}else pe(o)}catch(r){e=r}}),i.__H=void 0,e&&T.__e(e,i.__v))};var yn=typeof requestAnimationFrame==
"function";function zi(n){var e,t=function(){clearTimeout(i),yn&&cancelAnimationFrame(e),setTimeout(n)},i=setTimeout(t,35);yn&&(e=requestAnimationFrame(t))}function bn(n){
n!=1&&dn==T.requestAnimationFrame||((dn=T.requestAnimationFrame)||zi)(Vi)}function pe(n){var e=A,t=n.__c;typeof t=="function"&&(n.__c=void 0,t()),A=e}function xt(n){
var e=A;n.__c=n.__(),A=e}function St(n,e){return!n||n.length!=e.length||e.some(function(t,i){return!Wi(t,n[i])})}var Gi=Symbol.for("preact-signals");function De(){if(B>1)B--;else{var n,e=!1;for((function(){var o=Oe;for(Oe=void 0;o!==void 0;){var r=o.S;if(r.v===o.v)for(var s=r.
t;s!==void 0;s=s.x)s.i===o.i&&(s.i=r.i);o=o.o}})();ye!==void 0;){var t=ye;for(ye=void 0,Ae++;t!==void 0;){var i=t.u;if(t.u=void 0,t.f&=-3,!(8&t.f)&&kn(t))try{t.
c()}catch(o){e||(n=o,e=!0)}t=i}}if(Ae=0,B--,e)throw n}}function be(n){if(B>0)return n();Tt=++Ji,B++;try{return n()}finally{De()}}var ge,_=void 0;function _e(n){
var e=_,t=ge;_=void 0,ge=void 0;try{return n()}finally{_=e,ge=t}}var ye=void 0,B=0,Ae=0,Ji=0,Tt=0,Oe=void 0,Ie=0;function wn(n){if(_!==void 0){var e=n.n;if(e===
void 0||e.t!==_)return e={i:0,S:n,p:_.s,n:void 0,t:_,e:void 0,x:void 0,r:e},_.s!==void 0&&(_.s.n=e),_.s=e,n.n=e,32&_.f&&n.S(e),e;if(e.i===-1)return e.i=0,e.n!==
void 0&&(e.n.p=e.p,e.p!==void 0&&(e.p.n=e.n),e.p=_.s,e.n=void 0,_.s.n=e,_.s=e),e}}function R(n,e){this.v=n,this.i=0,this.n=void 0,this.t=void 0,this.l=0,this.W=
e?.watched,this.Z=e?.unwatched,this.name=e?.name}R.prototype.brand=Gi;R.prototype.h=function(){return!0};R.prototype.S=function(n){var e=this,t=this.t;t!==n&&n.
e===void 0&&(n.x=t,this.t=n,t!==void 0?t.e=n:_e(function(){var i;(i=e.W)==null||i.call(e)}))};R.prototype.U=function(n){var e=this;if(this.t!==void 0){var t=n.e,
i=n.x;t!==void 0&&(t.x=i,n.e=void 0),i!==void 0&&(i.e=t,n.x=void 0),n===this.t&&(this.t=i,i===void 0&&_e(function(){var o;(o=e.Z)==null||o.call(e)}))}};R.prototype.
subscribe=function(n){var e=this;return q(function(){var t=e.value;_e(function(){return n(t)})},{name:"sub"})};R.prototype.valueOf=function(){return this.value};
R.prototype.toString=function(){return this.value+""};R.prototype.toJSON=function(){return this.value};R.prototype.peek=function(){var n=this;return _e(function(){
return n.value})};Object.defineProperty(R.prototype,"value",{get:function(){var n=wn(this);return n!==void 0&&(n.i=this.i),this.v},set:function(n){if(n!==this.v){
if(Ae>100)throw new Error("Cycle detected");(function(t){B!==0&&Ae===0&&t.l!==Tt&&(t.l=Tt,Oe={S:t,v:t.v,i:t.i,o:Oe})})(this),this.v=n,this.i++,Ie++,B++;try{for(var e=this.
t;e!==void 0;e=e.x)e.t.N()}finally{De()}}}});function f(n,e){return new R(n,e)}function kn(n){for(var e=n.s;e!==void 0;e=e.n)if(e.S.i!==e.i||!e.S.h()||e.S.i!==e.
i)return!0;return!1}function xn(n){for(var e=n.s;e!==void 0;e=e.n){var t=e.S.n;if(t!==void 0&&(e.r=t),e.S.n=e,e.i=-1,e.n===void 0){n.s=e;break}}}function En(n){
for(var e=n.s,t=void 0;e!==void 0;){var i=e.p;e.i===-1?(e.S.U(e),i!==void 0&&(i.n=e.n),e.n!==void 0&&(e.n.p=i)):t=e,e.S.n=e.r,e.r!==void 0&&(e.r=void 0),e=i}n.s=
t}function ne(n,e){R.call(this,void 0,e),this.x=n,this.s=void 0,this.g=Ie-1,this.f=4}ne.prototype=new R;ne.prototype.h=function(){if(this.f&=-3,1&this.f)return!1;
if((36&this.f)==32||(this.f&=-5,this.g===Ie))return!0;if(this.g=Ie,this.f|=1,this.i>0&&!kn(this))return this.f&=-2,!0;var n=_;try{xn(this),_=this;var e=this.x();
(16&this.f||this.v!==e||this.i===0)&&(this.v=e,this.f&=-17,this.i++)}catch(t){this.v=t,this.f|=16,this.i++}return _=n,En(this),this.f&=-2,!0};ne.prototype.S=function(n){
if(this.t===void 0){this.f|=36;for(var e=this.s;e!==void 0;e=e.n)e.S.S(e)}R.prototype.S.call(this,n)};ne.prototype.U=function(n){if(this.t!==void 0&&(R.prototype.
U.call(this,n),this.t===void 0)){this.f&=-33;for(var e=this.s;e!==void 0;e=e.n)e.S.U(e)}};ne.prototype.N=function(){if(!(2&this.f)){this.f|=6;for(var n=this.t;n!==
void 0;n=n.x)n.t.N()}};Object.defineProperty(ne.prototype,"value",{get:function(){if(1&this.f)throw new Error("Cycle detected");var n=wn(this);if(this.h(),n!==void 0&&
(n.i=this.i),16&this.f)throw this.v;return this.v}});function Z(n,e){return new ne(n,e)}function Sn(n){var e=n.j;if(n.j=void 0,typeof e=="function"){B++;var t=_;
_=void 0;try{e()}catch(i){throw n.f&=-2,n.f|=8,Ct(n),i}finally{_=t,De()}}}function Ct(n){for(var e=n.s;e!==void 0;e=e.n)e.S.U(e);n.x=void 0,n.s=void 0,Sn(n)}function Yi(n){
if(_!==this)throw new Error("Out-of-order effect");En(this),_=n,this.f&=-2;try{8&this.f&&Ct(this)}finally{De()}}function ae(n,e){this.x=n,this.j=void 0,this.s=void 0,
this.u=void 0,this.f=32,this.name=e?.name,ge&&ge.push(this)}ae.prototype.c=function(){var n=this.S();try{if(8&this.f||this.x===void 0)return;var e=this.x();typeof e==
"function"&&(this.j=e)}finally{n()}};ae.prototype.S=function(){if(1&this.f)throw new Error("Cycle detected");this.f|=1,this.f&=-9,Sn(this),xn(this),B++;var n=_;
return _=this,Yi.bind(this,n)};ae.prototype.N=function(){2&this.f||(this.f|=2,this.u=ye,ye=this)};ae.prototype.d=function(){this.f|=8,1&this.f||Ct(this)};ae.prototype.
dispose=function(){this.d()};function q(n,e){var t=new ae(n,e);try{t.c()}catch(o){throw t.d(),o}var i=t.d.bind(t);return i[Symbol.dispose]=i,i}var Tn,He,$e,Zi=typeof window<"u"&&!!window.__PREACT_SIGNALS_DEVTOOLS__;var Cn=[];q(function(){Tn=this.N})();function le(n,e){m[n]=e.bind(null,m[n]||function(){})}function we(n){if($e){var e=$e;$e=void 0,e()}$e=n&&n.S()}function Pn(n){
var e=this,t=n.data,i=I(t);i.name="ReactiveDom",i.value=t;var o=se(function(){for(var a=e,u=e.__v;u=u.__;)if(u.__c){u.__c.__$f|=4;break}var d=Z(function(){var c=i.
value.value;return c===0?0:c===!0?"":c||""}),h=Z(function(){return!Array.isArray(d.value)&&!ft(d.value)}),b=q(function(){if(this.N=Rn,h.value){var c=d.value;a.__v&&
a.__v.__e&&a.__v.__e.nodeType===3&&(a.__v.__e.data=c)}}),g=e.__$u.d;return e.__$u.d=function(){b(),g.call(this)},[h,d]},[]),r=o[0],s=o[1];return r.value?s.peek():
s.value}Pn.displayName="ReactiveTextNode";Object.defineProperties(R.prototype,{constructor:{configurable:!0,value:nn(x,null).constructor},type:{configurable:!0,
value:Pn},props:{configurable:!0,get:function(){var n=this;return{data:{get value(){return n.value}}}}},__b:{configurable:!0,value:1}});le("__b",function(n,e){if(we(),
He=void 0,typeof e.type=="string"){var t,i=e.props;for(var o in i)if(o!=="children"){var r=i[o];r instanceof R&&(t||(e.__np=t={}),t[o]=r,i[o]=r.peek())}}n(e)});
le("__r",function(n,e){if(n(e),e.type!==x){we();var t,i=e.__c;i&&(i.__$f&=-2,(t=i.__$u)===void 0&&(i.__$u=t=(function(o,r){var s;return q(function(){s=this},{name:r}),
s.c=o,s})((function(o){return function(){var r;Zi&&((r=this.y)==null||r.call(this)),o.__$f|=1,o.setState({})}})(i),typeof e.type=="function"?e.type.displayName||
e.type.name:""))),He=i,we(t)}});le("__e",function(n,e,t,i){we(),He=void 0,n(e,t,i)});le("diffed",function(n,e){we(),He=void 0;var t;if(typeof e.type=="string"&&
(t=e.__e)){var i=e.__np,o=e.props,r=t.U;if(r)for(var s in r){var a=r[s];a===void 0||i&&s in i||(a.d(),r[s]=void 0)}if(i){r||(r={},t.U=r);for(var u in i){var d=r[u],
h=i[u];d===void 0?(d=Xi(t,u,h,o),r[u]=d):d.o(h,o)}}}n(e)});function Xi(n,e,t,i){var o=e in n&&n.ownerSVGElement===void 0,r=f(t);return{o:function(s,a){r.value=s,
i=a},d:q(function(){this.N=Rn;var s=r.value.value;i[e]!==s&&(i[e]=s,o?n[e]=s:s!=null&&(s!==!1||e[4]==="-")?n.setAttribute(e,s):n.removeAttribute(e))})}}le("unmo\
unt",function(n,e){if(typeof e.type=="string"){var t=e.__e;if(t){var i=t.U;if(i){t.U=void 0;for(var o in i){var r=i[o];r&&r.d()}}}var s=e.__np;if(s){var a=e.props;
for(var u in s)a[u]=s[u]}e.__np=void 0}else{var d=e.__c;if(d){d.__$f|=8;var h=d.__$u;h&&(d.__$u=void 0,h.d())}}n(e)});le("__h",function(n,e,t,i){i<3&&(e.__$f|=2),
n(e,t,i)});G.prototype.shouldComponentUpdate=function(n,e){if(this.__R)return!0;var t=this.__$u,i=t&&t.s!==void 0;for(var o in e)return!0;if(this.__f||typeof this.
u=="boolean"&&this.u===!0){var r=2&this.__$f;if(!(i||r||4&this.__$f)||1&this.__$f)return!0}else if(!(i||4&this.__$f)||3&this.__$f)return!0;for(var s in n)if(s!==
"__source"&&n[s]!==this.props[s])return!0;for(var a in this.props)if(!(a in n))return!0;return!1};function I(n,e){return se(function(){return f(n,e)},[])}var Qi=function(n){queueMicrotask(function(){queueMicrotask(n)})};function eo(){be(function(){for(var n;n=Cn.shift();)Tn.call(n)})}function Rn(){Cn.push(this)===1&&(m.requestAnimationFrame||Qi)(eo)}var $=class extends Error{name="Malformed"};function C(n,e){if(typeof n!="object"||n===null||Array.isArray(n))throw new $(`${e} is not an object`);return n}function P(n,e){
let t=n[e];if(typeof t!="string")throw new $(`${e} is not a string`);return t}function E(n,e){let t=n[e];if(typeof t!="number"||!Number.isSafeInteger(t))throw new $(
`${e} is not an integer`);return t}function F(n,e,t){let i=n[e];if(i==null)return[];if(!Array.isArray(i))throw new $(`${e} is not a list`);return i.map(t)}function to(n){
if(typeof n!="string")throw new $("not a string");return n}function Fe(n){let e=C(n,"person");return{id:P(e,"id"),name:P(e,"name")}}function Mn(n){let e=C(n,"us\
er"),t={id:P(e,"id"),name:P(e,"name")};return typeof e.kind=="string"&&(t.kind=e.kind),typeof e.role=="string"&&(t.role=e.role),t}function Ne(n){let e=C(n,"room"),
t={id:P(e,"id"),name:P(e,"name"),kind:P(e,"kind")};return typeof e.here=="number"&&(t.here=e.here),e.left===!0&&(t.left=!0),e.deleted===!0&&(t.deleted=!0),t}function Ln(n){
let e=C(n,"info"),t={name:P(e,"name"),kind:P(e,"kind"),topic:typeof e.topic=="string"?e.topic:"",members:E(e,"members")};return e.deleted===!0&&(t.deleted=!0),t}
function Pt(n,e){let t=C(n,"message"),i={number:E(t,"number"),version:e??E(t,"version"),by:P(t,"by"),text:typeof t.text=="string"?t.text:""};return typeof t.key==
"string"&&(i.key=t.key),typeof t.at=="number"&&(i.at=t.at),typeof t.edited=="number"&&(i.edited=t.edited),t.deleted===!0&&(i.deleted=!0),i}function no(n){let e=C(
n,"member");return{user:P(e,"user"),name:P(e,"name"),joined:e.joined===!0}}function An(n){let e=C(n,"change"),t={room:P(e,"room"),version:E(e,"version")};return e.
message!==void 0&&(t.message=Pt(e.message,t.version)),e.member!==void 0&&(t.member=no(e.member)),e.members!==void 0&&(t.members=E(e,"members")),e.info!==void 0&&
(t.info=Ln(e.info)),t}function K(n){let e=C(n,"opened"),t={room:P(e,"room"),epoch:P(e,"epoch"),version:E(e,"version"),number:E(e,"number"),reset:e.reset===!0,changes:F(
e,"changes",An),member:e.member===!0,messages:F(e,"messages",i=>Pt(i)),people:F(e,"people",Fe),more:e.more===!0};if(e.info!==void 0&&(t.info=Ln(e.info)),t.reset&&
!t.info)throw new $("a reset without info");return t}function On(n){let e=C(n,"page");return{room:P(e,"room"),version:E(e,"version"),messages:F(e,"messages",t=>Pt(
t)),people:F(e,"people",Fe),more:e.more===!0}}function In(n){let e=C(n,"posted");return{number:E(e,"number"),version:E(e,"version")}}function Dn(n){return F(C(n,
"people"),"people",Fe)}function $n(n){let e=C(n,"joined");return{room:P(e,"room"),version:E(e,"version")}}function Rt(n){let e=C(n,"hello"),t=C(e.server,"server"),
i=C(e.limits,"limits"),o=null;if(e.me!==null&&e.me!==void 0){let r=C(e.me,"me");o={user:Mn(r.user),rooms:F(r,"rooms",Ne),version:E(r,"version")}}return{epoch:P(
e,"epoch"),me:o,server:{rooms:F(t,"rooms",Ne),version:E(t,"version")},limits:{text:E(i,"text"),name:E(i,"name"),room:E(i,"room"),frame:E(i,"frame"),behind:E(i,"\
behind")}}}function io(n){let e=C(n,"error"),t={code:P(e,"code"),message:typeof e.message=="string"?e.message:""};return!t.message&&typeof e.detail=="string"&&(t.
message=e.detail),typeof e.field=="string"&&(t.field=e.field),typeof e.retry_after=="number"&&(t.retryAfter=e.retry_after),typeof e.text=="string"&&(t.text=e.text),
typeof e.version=="number"&&(t.version=e.version),t}function Hn(n){let e;try{e=JSON.parse(n)}catch{throw new $("not JSON")}let t=C(e,"frame");if(t.re!==void 0)return t.
error!==void 0?{is:"refusal",re:E(t,"re"),error:io(t.error)}:{is:"answer",re:E(t,"re"),ok:t.ok};if(t.hello!==void 0)return{is:"hello",hello:Rt(t.hello)};if(t.reset!==
void 0)return{is:"reset",reset:K(t.reset)};if(t.me!==void 0)return oo(t);if(t.server!==void 0)return ro(t);if(t.room===void 0)return null;if(t.version!==void 0)
return{is:"change",change:An(t)};if(t.typing!==void 0)return{is:"typing",room:P(t,"room"),users:F(t,"typing",to)};if(t.here!==void 0){let i=C(t.here,"here");return{
is:"here",room:P(t,"room"),here:{count:E(i,"count"),people:F(i,"people",Fe)}}}return null}function oo(n){let e=C(n.me,"me"),t={is:"me",version:E(n,"version")};return e.
user!==void 0&&(t.user=Mn(e.user)),e.room!==void 0&&(t.room=Ne(e.room)),t}function ro(n){let e=C(n.server,"server"),t={is:"server",version:E(n,"version")};return e.
room!==void 0&&(t.room=Ne(e.room)),t}function Nn(n){let e=JSON.parse(n);return{hello:Rt(e.hello),open:K(e.open),page:e.page}}function Fn(n,e){if((n.messages.at(-1)?.number??0)===n.number)return!0;let i=new URLSearchParams(
e);return!["before","after","at"].some(o=>i.has(o))}function Mt(n,e){return`/${encodeURIComponent(n)}/${encodeURIComponent(e)}/`}function jn(n,e,t){return`${Mt(n,e)}?at=${t}#m${t}`}function Lt(n){let e=/^#m(\d{1,15})$/.
exec(n.hash)?.[1]??new URLSearchParams(n.search).get("at")??"";return/^[1-9]\d{0,14}$/.test(e)?Number(e):void 0}function Un(n){let e=/^\/([^/]+)\/[^/]+\/?$/.exec(
n);if(e?.[1])try{return decodeURIComponent(e[1])}catch{return}}var H=class n{static first=250;static base=500;static soon=1500;static most=15e3;static patience=60;failures=0;random;constructor(e=Math.random){this.random=e}next(){
return this.random()*so(this.failures++)}later(){this.failures=Math.max(this.failures,n.patience+2)}reset(){this.failures=0}};function so(n){return n===0?H.first:
n<H.patience?Math.min(H.soon,H.base*2**(n-1)):Math.min(H.most,H.soon*2**Math.min(n-H.patience+1,16))}var je={set:(n,e)=>setTimeout(n,e),clear:n=>clearTimeout(n)};var Ue=class{config;timer;link=null;attempt=0;wait=15e3;constructor(e){this.config=e}begin(){this.stop(),this.timer=this.config.clock.set(()=>this.try(),this.wait*
(.5+this.config.random()/2)),this.wait=Math.min(3e5,this.wait*2)}now(){this.wait=15e3,this.stop(),this.try()}stop(){this.attempt++,this.config.clock.clear(this.
timer),this.link?.close(),this.link=null}try(){let{dial:e,clock:t,through:i}=this.config,o=++this.attempt,r=[],s=null;this.timer=t.set(()=>this.begin(),1e4);let a=e(
{frame:d=>{s?s.frame(d):o===this.attempt&&r.push(d)===1&&(t.clear(this.timer),this.timer=t.set(()=>i({link:a,take:u}),3e3))},down:d=>{s?s.down(d):o===this.attempt&&
(i(null),this.begin())}}),u=d=>{this.attempt++,this.link=null,s=d;for(let h of r)d.frame(h)};this.link=a}};var O=class extends Error{name="Refused";refusal;constructor(e){super(e.message||e.code),this.refusal=e}},W=class extends Error{name="Lost"},ao=8e3,Bn=3e3,lo=5e3,
uo=1e4,co=3e3,qn=25e3,ho=4001,fo=new Set([1002,1003,1007,1009,1011,4008]),po=3,ue=2,mo=3,Be=class{config;clock;backoff;asked=new Map;now="waiting";link=null;attempt=0;nextID=1;timer=null;there=!0;failed=!1;blocked=0;young=0;grown;isYoung=!1;worked=!1;tries=0;byHTTP=!1;known=!1;remembered=!1;upgrade;through=null;constructor(e){
this.config=e,this.clock=e.clock??je,this.backoff=new H(e.random),this.upgrade=new Ue({dial:e.socket,clock:this.clock,random:e.random??Math.random,through:t=>{this.
through=t,this.adopt()}}),e.http&&e.memory?.blocked&&(this.blocked=ue,this.byHTTP=this.remembered=!0)}get state(){return this.now}start(){if(this.now!=="waiting")
return;this.enter("connecting");let e=++this.attempt,{http:t,socket:i}=this.config,o=this.byHTTP&&t||i,r=this.worked&&this.tries++<po;t&&!this.byHTTP?this.plan(
Bn,()=>this.hung()):this.plan(r&&!this.byHTTP?Bn:ao,()=>this.lost(1006)),this.link=o(this.events(e))}events(e){return{frame:t=>e===this.attempt&&this.receive(t),
down:t=>e===this.attempt&&this.lost(t)}}wake(){this.now==="waiting"?this.start():this.now==="online"&&this.ask({do:"ping"},co).catch(()=>{})}moved(){this.wake(),
this.now==="online"&&this.byHTTP&&!this.through&&this.upgrade.now()}end(){this.upgrade.stop(),this.drop(),this.enter("ended")}ask(e,t=uo){let i=this.link;return this.
now!=="online"||!i?Promise.reject(new W("not connected")):new Promise((o,r)=>{let s=this.nextID++,a=this.clock.set(()=>this.lost(1006),t);this.asked.set(s,{resolve:o,
reject:r,deadline:a}),i.send(s,e)})}receive(e){let t;try{t=Hn(e)}catch(i){if(!(i instanceof $))throw i;this.backoff.later(),this.lost(1002);return}t?.is==="hell\
o"&&this.now==="connecting"?this.greeted(t.hello):this.now==="online"&&t?.is==="hello"&&this.config.frame(t),!(this.now!=="online"||t===null||t.is==="hello")&&(this.
plan(qn,()=>{this.ask({do:"ping"}).catch(()=>{})}),t.is==="answer"?this.settle(t.re)?.resolve(t.ok):t.is==="refusal"?this.settle(t.re)?.reject(new O(t.error)):this.
config.frame(t),this.through&&queueMicrotask(()=>this.adopt()))}greeted(e){this.backoff.reset(),this.failed=!1,this.known=this.byHTTP,this.tries=0,this.byHTTP?this.
remembered?this.upgrade.now():this.upgrade.begin():this.grow(),this.remembered=!1,this.config.memory&&(this.config.memory.blocked=this.byHTTP),this.plan(qn,()=>{
this.ask({do:"ping"}).catch(()=>{})}),this.enter("online"),this.config.hello(e)}grow(){this.blocked=0,this.isYoung=!0,this.clock.clear(this.grown),this.grown=this.
clock.set(()=>{this.isYoung=!1,this.young=0,this.worked=!0},lo)}adopt(){let{through:e}=this;!e||this.asked.size>0||(this.drop(),this.goOn(e))}goOn({link:e,take:t}){
this.byHTTP=!1,this.now="connecting",this.link=e,t(this.events(this.attempt))}settle(e){let t=this.asked.get(e);return t&&this.clock.clear(t.deadline),this.asked.
delete(e),t}hung(){this.worked||(this.blocked=ue),this.lost(1006)}lost(e){let t=this.now==="online",{through:i}=this;if(this.isYoung&&e===1006&&this.config.http&&
++this.young>=mo&&(this.blocked=ue),this.drop(),i){this.goOn(i);return}if(e===ho){this.enter("ended");return}fo.has(e)&&this.backoff.later(),e===1006&&!t&&!this.
byHTTP&&this.there&&this.blocked++,this.byHTTP&&!t&&([this.known,this.blocked]=[!1,ue-1]),this.failed=!t||this.blocked>=ue,this.there=!1,this.byHTTP=this.known,
this.enter("waiting"),this.later()}later(){let e=this.attempt;this.plan(this.backoff.next(),()=>{this.again(e)})}async again(e){let{http:t,answersHTTP:i}=this.config;
if(this.failed&&t&&i){let o=await i();if(e!==this.attempt||this.now!=="waiting")return;if(!o){this.young=0,this.known||(this.blocked=0),this.later();return}this.
there=!0,this.byHTTP=this.blocked>=ue}this.start()}drop(){this.attempt++,this.clock.clear(this.timer),this.clock.clear(this.grown),this.timer=null,this.isYoung=
!1,this.through||this.upgrade.stop(),this.through=null,this.link?.close(),this.link=null;let e=[...this.asked.keys()];for(let t of e)this.settle(t)?.reject(new W(
"the connection was lost"))}plan(e,t){this.clock.clear(this.timer),this.timer=this.clock.set(t,e)}enter(e){e!==this.now&&(this.now=e,this.config.state(e))}};var ce="draft/",qe=class{keep;watchers=new Set;constructor(e){this.keep=e,e.watch((t,i,o)=>{if(t.startsWith(ce))for(let r of this.watchers)r(t.slice(ce.length),
i??"",o)})}get(e){return this.keep.get(ce+e)??""}add(e,t){t!==""&&this.set(e,Kn(this.get(e),t))}set(e,t){t===""?this.keep.remove(ce+e):this.keep.set(ce+e,t)}watch(e){
return this.watchers.add(e),()=>{this.watchers.delete(e)}}};function Kn(n,e){return n===""||n.endsWith(e)?n||e:`${n}
${e}`}function Wn(n,e,t){return n.startsWith(ce)?Kn(e,t):t}var vo="/api/v1";var Ke=class{user;epoch;constructor(e,t){this.user=e,this.epoch=t}fetch(e,t,i={}){return Vn(e,t,{...i,headers:{...i.headers,"Parley-User":this.user}})}async hello(e){
let t=await Vn("GET","/me",{signal:e});if(!t.ok)throw new Error(`status ${t.status}`);return t.json()}};function Vn(n,e,{body:t,headers:i,signal:o}){let r={method:n,
cache:"no-store"};return o&&(r.signal=o),t!==void 0&&(r.body=JSON.stringify(t)),r.headers=t===void 0?{...i}:{"Content-Type":"application/json",...i},fetch(vo+e,
r)}async function zn(){try{let n=await fetch("/healthz",{cache:"no-store",signal:AbortSignal.timeout(5e3)});return n.ok&&(await n.text()).trim()==="ok"}catch{return!1}}function Gn(n,e){let{locks:t}=navigator;if(!t||typeof BroadcastChannel>"u")return null;let i=new BroadcastChannel(n);return i.addEventListener("message",o=>e(o.
data)),{say:o=>i.postMessage(o),lock:(o,r,s,a)=>At(t,o,r,s,a==="steal"),close:()=>i.close()}}function At(n,e,t,i,o){let r=new AbortController,s,a=!1,u=o?{steal:o}:
{signal:r.signal};return n.request(e,u,()=>{if(!a&&(t(),!a))return new Promise(d=>s=d)}).catch(()=>{a||i?.()}),()=>{a||(a=!0,s?s():r.abort())}}var Yn="0123456789ABCDEFGHJKMNPQRSTVWXYZ",Ot=0,It=0;function We(n=Date.now()){n>Ot?(Ot=n,It=0):It++;let e=crypto.getRandomValues(new Uint8Array(12)),t="";for(let i of e)
t+=Yn.charAt(i%32);return Jn(Ot,10)+Jn(It,4)+t}function Jn(n,e){let t="";for(let i=0;i<e;i++)t=Yn.charAt(n%32)+t,n=Math.floor(n/32);return t}var Ve=class{config;wishes=new Map;at=new Map;behind=new Map;values=new Map;source=null;attempt=0;polling=!1;greeted=!1;proven=!1;gathering;timer;closed=!1;constructor(e){
this.config=e}wish(e,t){this.wishes.has(e)||this.config.whenGone(e,()=>this.forget(e)),this.wishes.set(e,t);let i=this.prune();for(let[o,r]of t){let s=this.at.get(
o);if(s===void 0){if(this.at.size>=100)continue;this.at.set(o,r),i=!0}else if(r<s)this.behind.set(o,Math.min(r,this.behind.get(o)??r)),i=!0;else for(let a of["t\
yping","here"])this.tell(this.values.get(`${a} ${o}`))}i&&this.gather()}forget(e){this.wishes.delete(e),!this.closed&&this.prune()&&this.gather()}close(){this.closed=
!0,this.config.clock.clear(this.gathering),this.stop()}prune(){let e=new Set([...this.wishes.values()].flatMap(i=>i.map(([o])=>o))),t=[...this.at.keys()].filter(
i=>!e.has(i));for(let i of t)this.at.delete(i),this.behind.delete(i),this.values.delete(`typing ${i}`),this.values.delete(`here ${i}`);return t.length>0}gather(){
let{clock:e}=this.config;e.clear(this.gathering),this.gathering=e.set(()=>this.open(),20)}open(){if(this.stop(),this.closed||this.at.size===0)return;for(let[r,s]of this.
behind)this.at.has(r)&&this.at.set(r,s);this.behind.clear();let{manner:e,stream:t,poll:i}=this.config,o=++this.attempt;this.polling||=e.polling,this.greeted=this.
proven=!1,this.expect(this.polling?4e4:1500,()=>this.lost(0)),this.source=(this.polling?i:t)(new Map(this.at),{frame:r=>o===this.attempt&&this.frame(r),pulse:()=>o===
this.attempt&&this.pulse(),down:r=>o===this.attempt&&this.lost(r)})}stop(){this.attempt++,this.config.clock.clear(this.timer),this.source?.close(),this.source=null}expect(e,t){
this.config.clock.clear(this.timer),this.timer=this.config.clock.set(t,e)}pulse(){this.proven=!0,this.config.manner.polling=this.polling,this.expect(4e4,()=>this.
lost(0)),this.config.pulse()}frame(e){let t=go(e);if(t===null)return;this.proven?this.expect(4e4,()=>this.lost(0)):this.greeted||this.expect(2500,()=>this.lost(
0)),this.greeted=!0;let{room:i,version:o}=t;if(i!==void 0){let r=this.at.get(i);if(r===void 0)return;o===void 0?this.values.set(`${t.kind} ${i}`,t):(t.kind==="c\
hange"&&(t.after=r),this.at.set(i,Math.max(r,o)))}this.tell(t)}tell(e){e&&this.config.item(e)}lost(e){this.stop(),e===401||e===429?this.config.down(e===429?4008:
1006):this.polling?this.config.down(1006):this.proven?this.gather():(this.polling=!0,this.open())}};function go(n){let e=JSON.parse(n);if(typeof e!="object"||e===
null)return null;let t=e.reset;return t?{kind:"reset",data:n,room:t.room,version:t.version}:typeof e.room!="string"?{kind:"other",data:n}:typeof e.version=="num\
ber"?{kind:"change",data:n,room:e.room,version:e.version}:{kind:e.typing?"typing":"here",data:n,room:e.room}}var ke=class extends Error{status;constructor(e){super(`status ${e}`),this.status=e}};function Zn(n){return(e,t)=>Qn(t,async i=>{let o=new URLSearchParams({at:Xn(
e),epoch:n.epoch}),r=await n.fetch("GET",`/changes?${o}`,{signal:i,headers:{Accept:"text/event-stream"}});if(!r.ok||!r.body)throw new ke(r.status);let s=r.body.
pipeThrough(new TextDecoderStream).getReader(),a=new Dt;for(;;){let{value:u,done:d}=await s.read();if(d||i.aborted)return;for(let h of a.add(u)){if(i.aborted)return;
h.startsWith("data: ")?t.frame(h.slice(6)):h.startsWith(":")&&t.pulse()}}})}var Dt=class{rest="";add(e){let t=(this.rest+e).split(`
`);return this.rest=t.pop()??"",t}};function Ht(n,e,t=0){return(i,o)=>Qn(o,async r=>{let s=new $t(i);for(;;){let a=await yo(n,e,`/changes?${s.query(n.epoch,t>0?
0:25)}`,r);o.pulse();for(let u of s.frames(a))r.aborted||o.frame(JSON.stringify(u));if(r.aborted||(await bo(e,t>0?t:100,r),r.aborted))return}})}async function yo(n,e,t,i){
let o=new AbortController,r=()=>o.abort();i.addEventListener("abort",r);let s=e.set(r,25*1e3+1e4);try{let a=await n.fetch("GET",t,{signal:o.signal});if(!a.ok)throw new ke(
a.status);return await a.json()}finally{e.clear(s),i.removeEventListener("abort",r)}}var $t=class{at;me=0;server=0;seen="";constructor(e){this.at=new Map(e)}query(e,t){
let{me:i,server:o,seen:r}=this;return new URLSearchParams({at:Xn(this.at),epoch:e,wait:`${t}`,me:`${i}`,server:`${o}`,seen:r})}frames({changes:e,resets:t,hello:i,
values:o,seen:r}){let s=r===this.seen?[]:o??[];this.seen=r??this.seen,i&&([this.me,this.server]=[i.me?.version??0,i.server.version]);for(let a of t)this.at.set(
a.room,a.version);for(let{room:a,version:u}of e)this.at.set(a,Math.max(u,this.at.get(a)??0));return[...i?[{hello:i}]:[],...t.map(a=>({reset:a})),...e,...s]}};function Xn(n){
return[...n].map(([e,t])=>`${e}:${t}`).join(",")}function Qn(n,e){let t=new AbortController,i=o=>{t.signal.aborted||(t.abort(),n.down(o instanceof ke?o.status:0))};
return e(t.signal).then(()=>i(),i),{close:()=>t.abort()}}function bo(n,e,t){return new Promise(i=>{let o=n.set(r,e);t.addEventListener("abort",r);function r(){n.
clear(o),t.removeEventListener("abort",r),i()}})}var _o=6e4,wo=1e3,Nt=class{config;tab=We();rooms=new Map;missing=new Set;exchange;lead=null;known=!1;locks=[];withdraw;deaf;closed=!1;constructor(e){if(this.config=
e,this.exchange=e.exchange(e.name,t=>this.hear(t)),!this.exchange){this.takeLead();return}this.locks.push(this.exchange.lock(this.lockOf(this.tab),()=>this.announce(
this.known=!0))),this.stand()}follow(e,t){this.rooms.set(e,t),this.missing.delete(e),this.announce()}leave(e){this.rooms.delete(e)&&this.announce()}check(){this.
announce()}close(){if(!this.closed){this.closed=!0,this.config.clock.clear(this.deaf),this.exchange?.say({is:"bye",tab:this.tab}),this.lead?.close(),this.lead=null,
this.withdraw?.();for(let e of this.locks)e();this.exchange?.close()}}lockOf(e){return`${this.config.name}/${e}`}stand(e){let t=()=>{this.lead?.close(),this.lead=
null,!this.closed&&(this.stand(),this.announce())};this.withdraw=this.exchange?.lock(this.config.name,()=>this.takeLead(),t,e)}takeLead(){if(this.closed)return;
let{clock:e,stream:t,poll:i,glance:o,manner:r}=this.config;this.config.clock.clear(this.deaf),this.lead=new Ve({stream:this.exchange?t:o,poll:this.exchange?i:o,
manner:r,clock:e,item:s=>{this.exchange?.say({is:"item",item:s}),this.take(s)},pulse:()=>this.exchange?.say({is:"pulse",polling:r.polling}),down:s=>{this.exchange?.
say({is:"down",code:s}),this.fail(s)},whenGone:(s,a)=>this.watch(s,a)}),this.exchange?.say({is:"lead",polling:r.polling}),this.announce()}watch(e,t){if(!this.exchange||
e===this.tab)return;let i=this.exchange.lock(this.lockOf(e),()=>{queueMicrotask(()=>i()),t()});this.locks.push(i)}announce(e=this.known){if(this.closed)return;let t=[
...this.rooms];this.lead?this.lead.wish(this.tab,t):e&&this.exchange?.say({is:"wish",tab:this.tab,rooms:t}),this.listen()}hear(e){if(!this.closed){switch(e.is){case"\
wish":this.lead?.wish(e.tab,e.rooms);return;case"bye":this.lead?.forget(e.tab);return;case"item":this.take(e.item);break;case"down":this.fail(e.code);return;case"\
lead":this.announce();break;default:}e.is!=="item"&&(this.config.manner.polling=e.polling),this.listen()}}take({data:e,room:t,version:i,after:o}){if(!this.closed){
if(t!==void 0){let r=this.rooms.get(t);if(r===void 0||i!==void 0&&i<=r)return;if(o!==void 0&&o>r){this.missing.has(t)||this.announce(),this.missing.add(t);return}
this.missing.delete(t),i!==void 0&&this.rooms.set(t,i)}this.config.frame(e)}}listen(){let{clock:e}=this.config;e.clear(this.deaf),!(this.lead||this.closed||this.
rooms.size===0)&&(this.deaf=e.set(()=>{this.withdraw?.(),this.stand("steal")},_o))}fail(e){this.closed||(this.close(),this.config.down(e))}};function ei(n,e,t,i,o){
return new Nt({name:`parley/feed/${n.epoch}/${n.user}`,exchange:(r,s)=>Gn(r,a=>s(a)),stream:Zn(n),poll:Ht(n,t),glance:Ht(n,t,wo),manner:e,clock:t,frame:i,down:o})}var ti=1006;function ni({user:n,epoch:e,clock:t=je,feed:i=ei}){let o=new Ke(n,e),r={polling:!1};return s=>new Ft(o,s,(a,u)=>i(o,r,t,a,u))}var Ft=class{api;events;feed;stop=new AbortController;early=[];constructor(e,t,i){
this.api=e,this.events=t,this.feed=i(o=>this.early?this.early.push(o):t.frame(o),o=>this.down(o)),this.greet()}send(e,t){this.answer(e,t)}close(){this.stop.abort(),
this.feed.close()}async greet(){try{this.emit({hello:await this.api.hello(this.stop.signal)})}catch{this.down(ti);return}let e=this.early??[];this.early=null;for(let t of e)
this.stop.signal.aborted||this.events.frame(t)}async answer(e,t){try{let i=await this.ask(t);if(i?.status===401)throw new Error("this browser is somebody else n\
ow, or nobody");let o=i===null?{}:await i.json();if(i&&!i.ok){this.emit({re:e,error:o});return}this.emit({re:e,ok:o}),t.do==="open"&&this.follow(o)}catch{this.down(
ti)}}follow(e){if(this.stop.signal.aborted)return;let{room:t,version:i}=K(e);this.feed.follow(t,i)}async ask(e){let t="room"in e?`/rooms/${encodeURIComponent(e.
room)}`:"";switch(e.do){case"open":{let{at:i,limit:o,around:r}=e;return this.get(t,{version:i?.version,epoch:i?.epoch,limit:o,around:r})}case"history":return this.
get(`${t}/messages`,{before:e.before,after:e.after,limit:e.limit});case"people":return this.get("/people",{ids:e.users.join(",")});case"post":return this.fetch(
"POST",`${t}/messages`,{text:e.text},{"Idempotency-Key":e.key});case"edit":return this.fetch("PATCH",`${t}/messages/${e.number}`,{text:e.text,version:e.version});case"\
delete":return this.fetch("DELETE",`${t}/messages/${e.number}`);case"typing":return this.fetch("POST",`${t}/typing`,{on:e.on});case"join":case"leave":return this.
fetch("POST",`${t}/${e.do}`);case"ping":return this.feed.check(),this.fetch("GET","/me");case"close":return this.feed.leave(e.room),null;default:return e}}get(e,t){
let i=new URLSearchParams;for(let[o,r]of Object.entries(t))r!==void 0&&i.set(o,`${r}`);return this.fetch("GET",`${e}?${i}`)}fetch(e,t,i,o={}){return this.api.fetch(
e,t,{body:i,headers:o,signal:this.stop.signal})}emit(e){this.stop.signal.aborted||this.events.frame(JSON.stringify(e))}down(e){this.stop.signal.aborted||(this.close(),
this.events.down(e))}};function ii(n){return e=>{let t=new WebSocket(n),i=new AbortController,o={signal:i.signal};return t.addEventListener("message",r=>typeof r.data=="string"&&e.frame(
r.data),o),t.addEventListener("close",r=>{i.abort(),e.down(r.code)},o),{send(r,s){t.readyState===WebSocket.OPEN&&t.send(JSON.stringify({id:r,...s}))},close(){i.
abort(),t.close()}}}}var jt="parley/blocked";function oi(){return{get blocked(){try{return Date.now()-Number(localStorage.getItem(jt)??0)<36e5}catch{return!1}},set blocked(n){try{n?localStorage.setItem(jt,
`${Date.now()}`):localStorage.removeItem(jt)}catch{}}}}var xe=f(""),ze=f(!1),Ut;function j(n){clearTimeout(Ut),xe.value=n,Ut=setTimeout(()=>xe.value="",8e3)}function Ge(){clearTimeout(Ut),xe.value=""}async function Bt(n){
try{return await navigator.clipboard.writeText(n),!0}catch{return ko(n)}}async function Je(n,e){j(await Bt(n)?e:"This browser does not let pages copy.")}function ko(n){
let e=document.createElement("textarea");e.value=n,e.className="sr",document.body.append(e),e.select();let t=document.execCommand("copy");return e.remove(),t}function ri(){
ze.value=!0,j("This browser keeps nothing here: what is not sent when this page closes is lost.")}function si(n){let e=!1,t=0,i,o=()=>{cancelAnimationFrame(t),clearTimeout(i),e=!1,n()};return()=>{e||(e=!0,t=requestAnimationFrame(o),i=setTimeout(o,100))}}var Ye=class{id;me;epoch="";version=0;number=0;low=1;high=0;info={name:"",kind:"public",topic:"",members:0};infoVersion=0;membersVersion=0;member=!1;memberVersion=0;held=new Map;covered=[];strays=null;asking=0;generation=0;shown=null;constructor(e,t,i=!0){
this.id=e.room,this.me=t,this.reset(e,i)}get position(){return{epoch:this.epoch,version:this.version}}get view(){return this.shown??={id:this.id,info:this.info,
member:this.member,version:this.version,newest:this.number,messages:[...this.held.values()].filter(e=>!e.deleted).toSorted((e,t)=>e.number-t.number),earlier:this.
low>1,later:this.high<this.number},this.shown}reset(e,t=!0){this.epoch=e.epoch,this.version=e.version,this.number=e.number,this.info=e.info??this.info,this.infoVersion=
e.version,this.membersVersion=e.version,this.member=e.member,this.memberVersion=e.version,this.held.clear();for(let r of e.messages)this.held.set(r.number,r);let i=e.
messages[0],o=e.messages.at(-1);this.low=e.more&&i?i.number:1,this.high=t||!o?e.number:o.number,this.covered=[{low:this.low,high:this.high,version:e.version}],this.
strays=null,this.asking=0,this.generation++,this.shown=null}take(e,t=!0){if(e.reset){this.reset(e,t);return}for(let i of e.changes)this.apply(i);this.version=Math.
max(this.version,e.version),this.reach(e.number),this.shown=null}apply(e){let t=e.message!==void 0&&!e.message.deleted&&e.message.number>this.number;if(e.message&&
this.put(e.message),e.info&&e.version>this.infoVersion){let i=e.version>this.membersVersion;this.info=i?e.info:{...e.info,members:this.info.members},this.infoVersion=
e.version,i&&(this.membersVersion=e.version)}return e.members!==void 0&&e.version>this.membersVersion&&(this.info={...this.info,members:e.members},this.membersVersion=
e.version),e.member?.user===this.me&&e.version>this.memberVersion&&(this.member=e.member.joined,this.memberVersion=e.version),this.version=Math.max(this.version,
e.version),this.shown=null,t}ask(){return this.asking++,this.strays??=new Map,this.generation}addPage(e,t,i,o){if(e!==this.generation)return!1;let r=o!==null&&i===
(t==="before"?this.low:this.high);if(r){for(let d of o.messages)this.keepNewer(d);let{low:s,high:a}=this;t==="before"?this.low=o.more?o.messages[0]?.number??1:1:
this.extendTo(o);let u=t==="before"?{low:this.low,high:s-1}:{low:a+1,high:o.messages.at(-1)?.number??a};this.covered.push({...u,version:o.version});for(let d of this.
strays?.values()??[])this.inside(d.number)&&this.keepNewer(d);this.shown=null}return--this.asking===0&&(this.strays=null),r}edge(e){return e==="before"?this.low:
this.high}trim(e,t=400){let i=this.view.messages,o=0,r=i.length;for(;r-o>t;){let u=i[o],d=i[r-1];if(!u||!d)break;e-u.number>d.number-e?o++:r--}let s=i[o],a=i[r-
1];if(!s||!a||r-o===i.length)return!1;o>0&&(this.low=s.number),r<i.length&&(this.high=a.number);for(let u of this.held.keys())this.inside(u)||this.held.delete(u);
return this.covered=this.covered.map(u=>({low:Math.max(u.low,this.low),high:Math.min(u.high,this.high),version:u.version})).filter(u=>u.low<=u.high),this.shown=
null,!0}inside(e){return e>=this.low&&e<=this.high}extendTo(e){let t=e.messages.at(-1)?.number??this.high;if(e.more){this.high=t;return}this.number=Math.max(this.
number,t),this.high=this.number}reach(e){e<=this.number||(this.high>=this.number&&(this.high=e),this.number=e)}put(e){this.reach(e.number),this.inside(e.number)?
this.keepNewer(e):this.strays&&e.version>(this.strays.get(e.number)?.version??0)&&this.strays.set(e.number,e)}keepNewer(e){let t=this.held.get(e.number);(t?t.version>=
e.version:this.leftOut(e))||this.held.set(e.number,e)}leftOut(e){return this.covered.some(t=>e.number>=t.low&&e.number<=t.high&&e.version<=t.version)}};var Ze=50,Xe=class{id;view;typing=f([]);here=f(null);gone=f(!1);target=f(null);reading;config;room;publish;arrived=new Set;loading=new Set;constructor(e,t,i){this.
id=e.room,this.config=i,this.room=new Ye(e,i.me,t),this.view=f(this.room.view),this.publish=si(()=>this.show()),i.learn(e.people),this.gone.value=e.info?.deleted===
!0}async resume(){let e={do:"open",room:this.id,at:this.room.position,limit:Ze};this.reading!==void 0&&(e.around=this.reading),await this.open(e)}async jump(e){
if(e==="newest"?!this.room.view.later:this.holds(e)){this.target.value=e;return}let t={do:"open",room:this.id,limit:Ze};e!=="newest"&&(t.around=e),await this.open(
t)&&(this.target.value=e)}async open(e){try{return this.take(K(await this.config.ask(e)),e.around===void 0),!0}catch(t){return t instanceof O&&["not_found","for\
bidden"].includes(t.refusal.code)&&(this.gone.value=!0),!1}}take(e,t=!0){this.config.learn(e.people);for(let i of e.changes)this.noteMessage(i);for(let i of e.messages)
i.key!==void 0&&i.by===this.config.me&&this.arrived.add(i.key);this.room.take(e,t),e.reset?(t&&(this.reading=void 0),t&&this.target.peek()===null&&(this.target.
value="newest")):e.changes.length>0&&this.reading===void 0&&!this.room.view.later&&this.room.trim(this.room.view.newest,Ze),this.gone.value=e.info?.deleted===!0,
this.show()}show(){be(()=>{this.view.value=this.room.view;for(let e of this.arrived)this.config.seen(e);this.arrived.clear()})}apply(e){let t=this.room.apply(e);
this.noteMessage(e),t&&e.message&&e.message.by!==this.config.me&&this.config.fresh(e.message.by),e.member&&this.config.learn([{id:e.member.user,name:e.member.name}]),
e.info?.deleted&&(this.gone.value=!0),this.publish()}noteMessage({message:e}){e&&(e.key!==void 0&&e.by===this.config.me&&this.arrived.add(e.key),this.typing.peek().
includes(e.by)&&(this.typing.value=this.typing.peek().filter(t=>t!==e.by)))}holds(e){return this.room.view.messages.some(t=>t.number===e)}async load(e){if(!(e===
"before"?this.room.view.earlier:this.room.view.later)||this.loading.has(e))return;this.loading.add(e);let i=this.room.edge(e),o=this.room.ask();try{let r={do:"h\
istory",room:this.id,limit:Ze};r[e]=i;let s=On(await this.config.ask(r));this.config.learn(s.people),this.room.addPage(o,e,i,s)}catch{this.room.addPage(o,e,i,null)}finally{
this.loading.delete(e)}this.show()}trim(e){this.room.trim(e)&&this.show()}disconnected(){this.typing.value=[],this.here.value=null}};var xo=5e3,Eo=2e3,So=3e4,To=new Set(["unavailable","internal","rate_limited","unauthenticated"]),ai="epoch",ie="outbox/";function oe({trouble:n}){return n!==void 0&&
(!n.retry||n.code===ai)}var Qe=class{config;entries=new Map;sending=new Set;pauses=new Map;failures=new Map;overdue=new Map;urged=new Set;online=!1;shown=null;constructor(e){
this.config=e;let{keep:t,turn:i}=e;for(let o of t.keys(ie))this.read(o,t.get(o));t.watch((o,r)=>{o.startsWith(ie)&&(this.read(o,r),this.publish(),this.pumpAll())}),
i.watch(()=>this.pumpAll())}list(){return this.shown??=[...this.entries.values()].toSorted((e,t)=>e.key<t.key?-1:1),this.shown}add(e,t,i){let o=(this.config.now??
Date.now)(),r={key:We(o),room:e,...i!==void 0&&{name:i},text:t,at:o,epoch:this.config.epoch};return this.store(r),this.config.turn.seize(),this.pump(e),this.publish(),
r}retry(e){let t=this.entries.get(e);!t||t.sent||t.trouble?.retry===!1||(oe(t)?this.store({...qt(t),epoch:this.config.epoch}):this.entries.set(e,qt(t)),this.stopOverdue(
e),this.config.turn.seize(),this.resume(t.room),this.publish())}discard(e){let t=this.entries.get(e);if(t)return this.forget(e),oe(t)||this.resume(t.room),this.
publish(),t}seen(e){let t=this.entries.get(e);t&&(this.forget(e),this.publish(),this.pump(t.room))}connected(){this.online=!0,this.failures.clear(),this.sending.
clear();for(let{timer:e}of this.pauses.values())this.config.clock.clear(e);this.pauses.clear(),this.config.turn.want(!0),this.pumpAll()}disconnected(){this.online=
!1,this.config.turn.want(!1)}settle(e){for(let t of this.list())t.room===e&&t.sent&&this.forget(t.key);this.publish()}atRisk(){return this.list().some(e=>!e.sent&&
this.config.keep.place(ie+e.key)==="memory")}pumpAll(){for(let e of new Set(this.list().map(t=>t.room)))this.pump(e)}resume(e){let t=this.pauses.get(e);t&&this.
config.clock.clear(t.timer),this.pauses.delete(e),this.pump(e)}pump(e){let t=this.list().filter(o=>o.room===e&&!o.sent&&!oe(o));for(let o of t)this.watchOverdue(
o);let[i]=t;!i||!this.online||this.sending.has(e)||this.pauses.has(e)||(this.config.turn.held||this.config.keep.place(ie+i.key)!=="device")&&this.post(i)}async post(e){
let{key:t,room:i}=e;this.sending.add(i);let o=await this.config.send(e).catch(r=>({error:r}));if(this.sending.delete(i),"error"in o){if(o.error instanceof W)return;
this.refused(t,i,o.error)}else this.failures.delete(i),this.acknowledged(t,o.number);this.publish(),this.pump(i)}acknowledged(e,t){let i=this.entries.get(e);this.
forget(e),!(!i||!this.config.follows(i.room))&&this.entries.set(e,{...qt(i),sent:!0,...t!==void 0&&{number:t}})}refused(e,t,i){let o=this.entries.get(e);if(!o)return;
this.stopOverdue(e);let r=i instanceof O?i.refusal:{code:"internal",message:"Something went wrong."},s={code:r.code,message:r.message,retry:To.has(r.code)};if(!s.
retry){this.failures.delete(t),this.store({...o,trouble:s});return}let a=this.failures.get(t)??0;this.failures.set(t,a+1);let u=s.code!=="rate_limited"||a>0||o.
trouble!==void 0;u&&this.entries.set(e,{...o,trouble:s}),this.pause(t,u,r.retryAfter,a)}pause(e,t,i,o){let{clock:r,random:s=Math.random}=this.config,a=Math.min(
So,Eo*2**o)*(.5+s()/2),u=i===void 0?a:i*1e3;this.pauses.set(e,{timer:r.set(()=>this.resume(e),u),told:t})}watchOverdue(e){this.overdue.has(e.key)||e.trouble||this.
overdue.set(e.key,this.config.clock.set(()=>this.late(e.key),xo))}late(e){this.overdue.delete(e);let t=this.entries.get(e);if(!t||t.trouble||t.sent)return;let{turn:i}=this.
config,o=this.online&&!i.held&&!this.urged.has(e);if(o&&(this.urged.add(e),i.seize()),o||this.pauses.get(t.room)?.told===!1){this.watchOverdue(t);return}this.entries.
set(e,{...t,trouble:{code:"network",message:"There is no connection.",retry:!0}}),this.publish()}stopOverdue(e){this.config.clock.clear(this.overdue.get(e)),this.
overdue.delete(e),this.urged.delete(e)}store(e){this.stopOverdue(e.key),this.entries.set(e.key,e),this.shown=null,this.config.keep.set(ie+e.key,JSON.stringify(e))}forget(e){
this.stopOverdue(e),this.entries.delete(e),this.shown=null,this.config.keep.remove(ie+e)}read(e,t){let i=e.slice(ie.length),o=this.entries.get(i),r=t===null?null:
Co(t);this.shown=null,o?.sent?r&&this.config.keep.remove(e):r?.key===i?(r.trouble&&this.stopOverdue(i),this.entries.set(i,this.aged(r))):o&&!oe(o)?this.acknowledged(
i):(this.stopOverdue(i),this.entries.delete(i))}aged(e){return e.epoch===this.config.epoch||e.trouble?e:{...e,trouble:{code:ai,message:"It was written before th\
e server was set up anew.",retry:!0}}}publish(){this.shown=null,this.config.changed()}};function qt(n){let{trouble:e,...t}=n;return t}function Co(n){try{let e=JSON.
parse(n);return[e.key,e.room,e.text,e.epoch].some(i=>typeof i!="string")||typeof e.at!="number"?null:e}catch{return null}}var Po=200,et=class{names=f(new Map);missing=new Set;ask;asking=!1;constructor(e){this.ask=e}learn(e){let t=this.names.peek(),i=e.filter(r=>t.get(r.id)!==r.name);
if(i.length===0)return;let o=new Map(t);for(let r of i)o.set(r.id,r.name);this.names.value=o}name(e){let t=this.names.value.get(e);return t!==void 0?t:(this.missing.
add(e),this.asking||(this.asking=!0,setTimeout(()=>{this.fetch()},50)),"…")}async fetch(){let e=[...this.missing].slice(0,Po);this.missing.clear();try{this.learn(
await this.ask(e))}catch{}finally{this.asking=!1}}};function Kt(n,e,t){if(e<=n.version)return n;if(!t)return{...n,version:e};let i=t.left===!0||t.deleted===!0,o=n.rooms.findIndex(s=>s.id===t.id),r=[...n.rooms];return o<
0&&!i?r.push(t):o>=0&&r.splice(o,1,...i?[]:[t]),{version:e,rooms:r}}var tt=class{held=!1;name;locks;begun=()=>{};wanted=!1;release=()=>{};constructor(e,t){this.name=e,this.locks=t}watch(e){this.begun=e}want(e){e!==this.wanted&&(this.
wanted=e,e?this.ask(!1):this.stop())}seize(){this.wanted&&!this.held&&this.ask(!0)}ask(e){this.stop(),this.locks?this.release=At(this.locks,this.name,()=>this.begin(),
()=>this.lost(),e):this.begin()}begin(){this.held=!0,this.begun()}lost(){this.held||(this.locks=void 0),this.ask(!1)}stop(){this.held=!1,this.release(),this.release=
()=>{}}};var Ro=8,Mo=400,Lo=3e3,Ao="There is no connection just now. The room opens when it is back.",nt=class{me;mine;publicRooms;limits;room;people;drafts;entries=f([]);editing=f(
null);trouble=f("");unseen=f(0);failed=Z(()=>new Set(this.entries.value.filter(oe).map(e=>e.room)));others=Z(()=>{let e=new Set(this.mine.value.rooms.map(t=>t.id));
return this.publicRooms.value.rooms.filter(t=>!e.has(t.id))});stranded=Z(()=>{let e=new Set([...this.mine.value.rooms,...this.publicRooms.value.rooms,this.room.
value].map(({id:t})=>t));return this.entries.value.filter(t=>oe(t)&&!e.has(t.room))});conn;outbox;epoch;held=new Map;goal;typedAt=0;online=!1;waiting=[];quiet;wanted=0;postponed;constructor(e,t){
let{hello:i,open:o,page:r}=e,s=i.me?.user??{id:"",name:r.username};this.epoch=i.epoch,this.me=f(s),this.mine=f({version:i.me?.version??0,rooms:i.me?.rooms??[]}),
this.publicRooms=f(i.server),this.limits=f(i.limits),this.people=new et(async d=>Dn(await this.conn.ask({do:"people",users:d}))),this.people.learn([s]),this.drafts=
new qe(t),this.conn=new Be({socket:ii(`${location.protocol==="https:"?"wss":"ws"}://${location.host}/ws`),http:ni({user:s.id,epoch:i.epoch}),answersHTTP:zn,memory:oi(),
hello:d=>this.greeted(d),frame:d=>this.receive(d),state:d=>this.changed(d)}),this.outbox=new Qe({keep:t,turn:new tt(`parley/outbox/${s.id}`,navigator.locks),epoch:i.
epoch,send:d=>this.post(d),follows:d=>this.room.peek().id===d,changed:()=>this.entries.value=this.outbox.list(),clock:{set:(d,h)=>setTimeout(d,h),clear:d=>clearTimeout(
d)}}),this.entries.value=this.outbox.list();let a=this.hold(o,Fn(o,location.search));this.goal=Lt(location);let u=o.messages.some(d=>d.number===this.goal);a.target.
value=u&&this.goal!==void 0?this.goal:"newest",this.room=f(a)}start(){addEventListener("online",()=>this.conn.moved()),addEventListener("offline",()=>this.conn.
wake()),addEventListener("pageshow",e=>e.persisted&&this.conn.wake()),document.addEventListener("visibilitychange",()=>{document.hidden||(this.unseen.value=0,this.
conn.wake())}),addEventListener("focus",()=>this.unseen.value=0),addEventListener("popstate",()=>this.followAddress()),addEventListener("hashchange",()=>this.followAddress()),
addEventListener("beforeunload",e=>this.outbox.atRisk()&&e.preventDefault()),this.conn.start()}greeted(e){if(!this.told(e))return;this.follow(),this.outbox.connected();
let{postponed:t}=this;this.postponed=void 0,t?.wanted===this.wanted&&(Ge(),t.run())}told(e){return e.me===null?(this.conn.end(),!1):e.me.user.id!==this.me.peek().
id||e.epoch!==this.epoch?(this.conn.end(),location.reload(),!1):(this.renamed(e.me.user),this.mine.value={version:e.me.version,rooms:e.me.rooms},this.publicRooms.
value=e.server,this.limits.value=e.limits,!0)}async follow(){let e=this.room.peek();await e.resume(),e===this.room.peek()&&this.showAddress(!1);let{goal:t}=this;
this.goal=void 0,t!==void 0&&await e.jump(t)}connected(){return this.online?Promise.resolve():new Promise(e=>{this.waiting.push(e),setTimeout(e,3e3)})}changed(e){
if(this.online=e==="online",this.online)for(let t of this.waiting.splice(0))t();if(e==="online"||e==="ended"?(clearTimeout(this.quiet),this.quiet=void 0,this.trouble.
value=e==="ended"?"ended":""):this.quiet??=setTimeout(()=>this.showTrouble(),Mo),e!=="online"){this.outbox.disconnected();for(let t of this.held.values())t.disconnected()}}showTrouble(){
this.trouble.value=navigator.onLine?"waiting":"offline",this.quiet=setTimeout(()=>this.showTrouble(),1e3)}receive(e){switch(e.is){case"change":this.held.get(e.change.
room)?.apply(e.change),e.change.info&&e.change.room===this.room.peek().id&&this.showAddress(!1,e.change.info.name);break;case"reset":this.held.get(e.reset.room)?.
take(e.reset);break;case"typing":this.typists(e.room,e.users);break;case"here":this.people.learn(e.here.people),this.present(e.room,e.here);break;case"me":this.
mine.value=Kt(this.mine.peek(),e.version,e.room),e.user&&this.renamed(e.user);break;case"hello":this.told(e.hello);break;case"server":this.publicRooms.value=Kt(
this.publicRooms.peek(),e.version,e.room);break;default:}}typists(e,t){let i=this.held.get(e);i&&(i.typing.value=t.filter(o=>o!==this.me.peek().id))}present(e,t){
let i=this.held.get(e);i&&(i.here.value=t)}renamed(e){let t=this.me.peek();this.me.value=e,this.people.learn([e]),e.name!==t.name&&this.showAddress(!1)}reconnect(){
this.conn.wake()}hold(e,t){let i=new Xe(e,t,{me:this.me.peek().id,ask:o=>this.conn.ask(o),learn:o=>this.people.learn(o),seen:o=>this.outbox.seen(o),fresh:()=>{(document.
hidden||!document.hasFocus())&&this.unseen.value++}});this.held.set(i.id,i);for(let o of this.held.keys()){if(this.held.size<=Ro)break;o!==i.id&&this.held.delete(
o)}return i}path(e){return Mt(e,this.me.value.name)}async go(e,t){let i=++this.wanted,o=this.room.peek(),r=t.target??"newest";if(e.id===o.id){await o.jump(r);return}
let s=e.id===void 0?void 0:this.held.get(e.id);if(s&&!s.view.peek().later&&r==="newest")s.reading=void 0,s.resume();else try{let a={do:"open",room:e.id??e.name};
r!=="newest"&&(a.around=r);let u=K(await this.conn.ask(a));if(i!==this.wanted)return;s=this.hold(u,r==="newest")}catch(a){if(i!==this.wanted)return;t.push||this.
showAddress(!1),a instanceof W&&(this.postponed={wanted:i,run:()=>{this.go(e,{...t,push:!0})}}),j(a instanceof W?Ao:a instanceof O?a.message:"That room cannot b\
e opened.");return}s.target.value=r,this.enter(s,t.push)}enter(e,t){let i=this.room.peek();this.held.delete(e.id),this.held.set(e.id,e),this.editing.value=null,
this.typedAt=0,this.room.value=e,this.unseen.value=0,i.id!==e.id&&(i.disconnected(),this.outbox.settle(i.id),this.conn.ask({do:"close",room:i.id}).catch(()=>{})),
this.showAddress(t)}async join(e){await this.connected();let{room:t}=$n(await this.conn.ask({do:"join",room:e}));await this.go({id:t,name:e},{push:!0})}showAddress(e,t=this.
room.peek().view.peek().info.name){let i=this.path(t);i!==location.pathname&&(e?history.pushState(null,"",i):history.replaceState(null,"",i+location.search+location.
hash))}followAddress(){let e=Un(location.pathname),t=this.room.peek();if(e===void 0)return;let i=Lt(location),o=i??"newest";if(e===t.view.peek().info.name){i!==
void 0&&t.jump(o);return}let r=[...this.mine.peek().rooms,...this.publicRooms.peek().rooms].find(s=>s.name===e);this.go(r??{name:e},{push:!1,target:o})}send(e){
let t=this.room.peek();this.outbox.add(t.id,e,t.view.peek().info.name),this.typedAt=0,this.toNewest()}async post({room:e,key:t,text:i}){try{return In(await this.
conn.ask({do:"post",room:e,key:t,text:i}))}catch(o){throw o instanceof O&&o.refusal.code==="unauthenticated"&&this.conn.end(),o}}toNewest(){(location.search!==""||
location.hash!=="")&&history.replaceState(null,"",location.pathname),this.room.peek().jump("newest")}retry(e){this.outbox.retry(e),this.conn.wake()}discard(e){return this.
outbox.discard(e)}edit(e){let t=this.me.peek().id,i=this.room.peek();if(!e&&this.entries.peek().some(r=>r.room===i.id&&!r.trouble))return!1;let o=e??i.view.peek().
messages.findLast(r=>r.by===t);return o?(this.editing.value={number:o.number,version:o.version,text:o.text},!0):!1}async save(e){let t=this.editing.peek();if(!t)
return!0;let{number:i,version:o}=t;try{return e!==t.text&&await this.conn.ask({do:"edit",room:this.room.peek().id,number:i,version:o,text:e}),this.editing.value=
null,!0}catch(r){if(r instanceof O&&r.refusal.code==="conflict"){let s=r.refusal.text??"";this.editing.value={number:i,version:r.refusal.version??o,text:s},j(`I\
t was changed meanwhile, to “${Oo(s)}”. Save again to replace that.`)}else j(r instanceof O?r.message:"Not saved: there is no connection. Try again.");return!1}}async delete(e){
try{await this.conn.ask({do:"delete",room:this.room.peek().id,number:e}),this.editing.peek()?.number===e&&(this.editing.value=null)}catch(t){j(t instanceof O?t.
message:"Not deleted: there is no connection. Try again.")}}mayDelete(e){let t=this.me.value;return e.by===t.id||["moderator","administrator","owner"].includes(
t.role??"")}typing(e){let t=Date.now();(e?t-this.typedAt<Lo:this.typedAt===0)||(this.typedAt=e?t:0,this.conn.ask({do:"typing",room:this.room.peek().id,on:e}).catch(
()=>{}))}};function Oo(n){let e=n.replace(/\s+/gu," ").trim(),t=Array.from(e);return t.length>60?`${t.slice(0,59).join("")}…`:e}var Wt=f(null);function li(n,e){Wt.value=e.text,n.discard(e.key)}function Vt(n){return n.key==="Enter"&&!n.shiftKey&&!n.altKey&&!ui(n)&&!matchMedia("(pointer: c\
oarse)").matches}function ui(n){return n.isComposing||n.keyCode===229}function zt(n){return n.replace(/^(?:[ \t]*\n)+|\s+$/gu,"")}var it=class{filled=f(!1);box=null;client;room;edited=null;constructor(e,t){
this.client=e,this.room=t}begin(){this.put(this.client.drafts.get(this.room.id)),matchMedia("(pointer: fine)").matches&&this.box?.focus({preventScroll:!0});let e=()=>this.
grow(),t=r=>this.caught(r);addEventListener("resize",e),addEventListener("keydown",t);let i=Wt.subscribe(r=>r!==null&&this.takeBack(r)),o=this.client.drafts.watch(
(r,s,a)=>r===this.room.id&&this.heard(s,a));return()=>{o(),removeEventListener("resize",e),removeEventListener("keydown",t),i()}}editing(e){let t=e?.number??null;
t!==this.edited&&(this.edited=t,this.put(e?e.text:this.client.drafts.get(this.room.id)),this.box?.focus())}typed(){this.box&&(this.changed(),!this.client.editing.
peek()&&(this.client.drafts.set(this.room.id,this.box.value),this.client.typing(this.filled.peek())))}submit(){let{box:e,client:t}=this;if(!e)return;let i=t.editing.
peek();if(t.trouble.peek()==="ended")return;let o=zt(e.value);if(o===""){i&&j("A message cannot be empty. Delete it instead, or press Escape to leave it.");return}
let r=new TextEncoder().encode(o).length,s=t.limits.peek().text;if(r>s){j(`That is too long: ${r.toLocaleString("en")} bytes of at most ${s.toLocaleString("en")}\
.`);return}if(Ge(),i){t.save(o);return}t.drafts.set(this.room.id,""),this.put(""),t.send(o)}keyed(e){if(ui(e))return;let{client:t}=this;Vt(e)?(e.preventDefault(),
this.submit()):e.key==="Escape"&&t.editing.peek()?(e.preventDefault(),t.editing.value=null):e.key==="ArrowUp"&&!t.editing.peek()&&this.box?.value===""&&t.edit()&&
e.preventDefault()}caught(e){!(e.key.length===1&&e.key!==" "&&!e.ctrlKey&&!e.metaKey&&!e.altKey)||e.defaultPrevented||!(e.target instanceof Element)||e.target.closest(
".menu")||(e.target===document.body||e.target.closest(".scroll"))&&this.box?.focus()}takeBack(e){this.box&&(Wt.value=null,this.client.editing.value=null,this.editing(
null),this.put([this.box.value,e].filter(Boolean).join(`
`)),this.client.drafts.set(this.room.id,this.box.value),this.box.focus())}heard(e,t){let{box:i,client:o}=this;if(!i||o.editing.peek())return;let r=i===document.
activeElement&&document.hasFocus();(t==="device"||!r)&&this.put(e)}put(e){this.box&&(this.box.value=e,this.box.setSelectionRange(e.length,e.length),this.changed())}changed(){
this.filled.value=this.box!==null&&this.box.value.trim()!=="",this.grow()}grow(){let{box:e}=this;e&&(e.style.removeProperty("height"),e.value!==""&&e.style.setProperty(
"height",`${e.scrollHeight+e.offsetHeight-e.clientHeight}px`))}};function ci(n){let e=n.querySelector("textarea"),t=e?.form,i=[],o=s=>{s.preventDefault(),!(!e||e.value.trim()==="")&&(i.push(e.value),e.value="")},r=s=>Vt(s)&&o(
s);return e?.addEventListener("keydown",r),t?.addEventListener("submit",o),()=>(e?.removeEventListener("keydown",r),t?.removeEventListener("submit",o),{sent:i,text:e?.
value??"",focused:e!==null&&e===document.activeElement})}var Io="parley";var re="kept",Do=/^draft\//,ot=class{ready;config;prefix;copy=new Map;unsaved=new Set;saving=new Map;watchers=[];database=null;loaded=!1;failing=!1;told=!1;planned=!1;transactions=0;goOn=()=>{};constructor(e){
this.config=e,this.prefix=`${e.user}/`,this.ready=new Promise(t=>{let i=setTimeout(()=>this.fail(),e.patience??1e3);this.goOn=()=>{clearTimeout(i),t()}}),e.bell?.
addEventListener("message",t=>this.read(t.data)),this.open()}get(e){return this.copy.get(e)??null}set(e,t){this.copy.get(e)!==t&&(this.copy.set(e,t),this.plan(e))}remove(e){
this.copy.delete(e)&&(this.failing&&this.forgetEarlier(e),this.plan(e))}keys(e){return[...this.copy.keys()].filter(t=>t.startsWith(e)).toSorted()}place(e){return this.
unsaved.has(e)?this.failing?"memory":"way":this.saving.has(e)?"way":"device"}watch(e){this.watchers.push(e)}refresh(){this.database&&this.loaded&&this.load(this.
database)}open(){try{let e=this.config.databases();if(!e)throw new Error("no databases");let t=e.open(Io,1);t.addEventListener("upgradeneeded",()=>t.result.createObjectStore(
re)),t.addEventListener("success",()=>this.opened(t.result)),t.addEventListener("error",i=>{i.preventDefault(),this.fail()})}catch{this.fail()}}opened(e){this.database=
e,e.addEventListener("versionchange",()=>{e.close(),this.lost(e)}),e.addEventListener("close",()=>this.lost(e)),this.load(e)}lost(e){if(this.database===e){this.
database=null,this.loaded=!1;for(let t of this.copy.keys())this.unsaved.add(t);this.open()}}load(e){try{let t=e.transaction(re,"readwrite"),i=t.objectStore(re),
o=this.takeOver(i),r=IDBKeyRange.bound(this.prefix,`${this.prefix}￿`),s=i.getAllKeys(r),a=i.getAll(r);this.sweep(i),t.addEventListener("complete",()=>{for(let u of o)
this.config.earlier?.()?.removeItem(u);this.took(new Map(s.result.map((u,d)=>[String(u).slice(this.prefix.length),a.result[d]?.value??""])))}),t.addEventListener(
"abort",()=>this.fail())}catch{this.fail()}}took(e){let t=!this.loaded;this.loaded=!0,this.failing=!1;for(let[i,o]of e){let r=this.copy.get(i);t&&this.unsaved.has(
i)?this.meet(i,o,r):this.take(i,o,"device")}if(!t)for(let i of this.copy.keys())e.has(i)||this.take(i,null,"tab");this.goOn(),this.flush()}meet(e,t,i){let o=i===
void 0?t:this.config.merge(e,t,i);if(o===t&&this.unsaved.delete(e),o!==i){this.copy.set(e,o);for(let r of this.watchers)r(e,o,"device")}}read(e){let{database:t}=this;
if(t)try{let i=t.transaction(re),o=i.objectStore(re),r=e.map(s=>o.get(this.prefix+s));i.addEventListener("complete",()=>{for(let[s,a]of e.entries())this.take(a,
r[s]?.result?.value??null,"tab")})}catch{}}take(e,t,i){if(!(this.unsaved.has(e)||this.saving.has(e)||this.get(e)===t)){t===null?this.copy.delete(e):this.copy.set(
e,t);for(let o of this.watchers)o(e,t,i)}}plan(e){this.unsaved.add(e),!this.planned&&(this.planned=!0,queueMicrotask(()=>{this.planned=!1,this.flush()}))}flush(){
let{database:e}=this;if(this.unsaved.size===0)return;if(!e||!this.loaded){this.failing&&this.tell();return}let t=[...this.unsaved],i=++this.transactions;try{let o=t.
every(a=>Do.test(a))?"relaxed":"strict",r=e.transaction(re,"readwrite",{durability:o}),s=r.objectStore(re);for(let a of t)this.write(s,a);r.commit(),r.addEventListener(
"complete",()=>this.saved(t,i)),r.addEventListener("abort",()=>this.refused(t,i))}catch{this.refused(t,i);return}for(let o of t)this.saving.set(o,i);this.unsaved.
clear()}write(e,t){let i=this.copy.get(t);i===void 0?e.delete(this.prefix+t):e.put({value:i,at:this.now()},this.prefix+t)}saved(e,t){this.failing=!1;for(let i of e)
this.saving.get(i)===t&&this.saving.delete(i);this.config.bell?.postMessage([...e])}refused(e,t){for(let i of e)this.saving.get(i)===t&&(this.saving.delete(i),this.
unsaved.add(i));this.failing=!0,this.unsaved.size>0&&this.tell()}fail(){this.failing=!0,this.takeEarlier(),this.goOn(),this.flush()}tell(){this.told||(this.told=
!0,this.config.failed())}now(){return(this.config.now??Date.now)()}takeOver(e){let t=this.earlier();for(let[i,o]of t)e.add({value:o,at:this.now()},i.slice(Gt.length)).
addEventListener("error",s=>{s.preventDefault(),s.stopPropagation()});return[...t.keys()]}takeEarlier(){let e=Gt+this.prefix;for(let[t,i]of this.earlier()){let o=t.
slice(e.length);t.startsWith(e)&&!this.copy.has(o)&&this.copy.set(o,i)}}forgetEarlier(e){try{this.config.earlier?.()?.removeItem(Gt+this.prefix+e)}catch{}}earlier(){
let e=new Map;try{let t=this.config.earlier?.();for(let i=0;i<(t?.length??0);i++){let o=t?.key(i)??"";$o.test(o)&&e.set(o,t?.getItem(o)??"")}}catch{}return e}sweep(e){
let t=e.openCursor();t.addEventListener("success",()=>{let i=t.result;i&&(!String(i.key).startsWith(this.prefix)&&i.value.at<this.now()-2592e6&&i.delete(),i.continue())})}},
Gt="parley/",$o=/^parley\/[^/]*\/(?:outbox|draft)\//;var Ho=Symbol.for("pv"),No=0;function l(n,e,t,i,o,r){e||(e={});var s,a,u=e;if("ref"in u&&typeof n!="function")for(a in u={},e)a=="ref"?s=e[a]:u[a]=e[a];var d={type:n,props:u,key:t,ref:s,__k:null,
__:null,__b:0,__e:null,__c:null,constructor:Ho,__v:--No,__i:-1,__u:0};return(o||r)&&(d.__source=o,d.__self=r),m.vnode&&m.vnode(d),d}function w({name:n}){return l("span",{class:`icon icon-${n}`,"aria-hidden":"true"})}function di({client:n,room:e}){let t=se(()=>new it(n,e),[n,e]),i=n.editing.value,{name:o}=e.view.value.info;Y(()=>t.begin(),[t]),Y(()=>t.editing(i),[t,i]);let r=s=>{
s.preventDefault(),t.submit(),t.box?.focus()};return l("form",{class:t.filled.value?"box":"box idle",onSubmit:r,children:[i&&l("p",{class:"box-note",children:[l(
w,{name:"edit"}),l("span",{children:"Editing your message"}),l("button",{class:"text-button",type:"button",onClick:()=>n.editing.value=null,children:"Cancel"})]}),
l("label",{class:"sr",for:"text",children:["Message ",o]}),l("textarea",{ref:s=>{t.box=s},id:"text",name:"text","data-testid":"message-box",rows:1,placeholder:`\
Message ${o}`,autocomplete:"off",enterkeyhint:"enter",onInput:()=>t.typed(),onKeyDown:s=>t.keyed(s)}),l("button",{class:"send","data-testid":"send",children:[l(
w,{name:i?"check":"send"}),l("span",{class:"sr",children:i?"Save":"Send"})]})]})}function rt(n){let e=/\d+/.exec(n)?.[0]??"0";return`hue-${Number(BigInt(e)*7n%24n)}`}function hi(n){return(/[\p{L}\p{N}]/u.exec(n)?.[0]??Array.from(n)[0]??"?").
toUpperCase()}function de({id:n,name:e}){return l("span",{class:`avatar ${rt(n)}`,"aria-hidden":"true",children:hi(e)})}function fi({client:n,room:e,sideOpen:t,openRooms:i}){let{info:o}=e.view.value;return l("header",{class:"head",children:[l("button",{class:"icon-button to-rooms",
type:"button","aria-controls":"rooms","aria-expanded":t,onClick:i,children:[l(w,{name:"menu"}),l("span",{class:"sr",children:"Rooms"})]}),l("div",{class:"head-w\
ords",children:[l("h1",{class:"room-title","data-testid":"room",children:o.name}),o.topic&&l("p",{class:"topic",children:o.topic})]}),l(Fo,{client:n,room:e},e.id)]})}
function Fo({client:n,room:e}){let t=I(!1),i=N(null),o=e.here.value,r=n.publicRooms.value.rooms.find(u=>u.id===e.id)?.here,s=o?.count??r;return ve(()=>{if(!t.value)
return;let u=d=>{d.target instanceof Node&&!i.current?.contains(d.target)&&(t.value=!1)};return document.addEventListener("pointerdown",u),document.addEventListener(
"focusin",u),()=>{document.removeEventListener("pointerdown",u),document.removeEventListener("focusin",u)}},[t.value,t]),l("div",{class:"who-whole",ref:i,onKeyDown:u=>{
u.key!=="Escape"||!t.value||(t.value=!1,i.current?.querySelector("button")?.focus())},children:[l("button",{class:"who",type:"button","data-testid":"who","aria-\
expanded":t.value,onClick:()=>t.value=!t.value,children:[l(w,{name:"people"})," ",s??""," ",l("span",{class:"sr",children:"here"})]}),t.value&&l("div",{class:"h\
ere",role:"group","aria-label":"Who is here",children:[l("h2",{children:"Here now"}),l("ul",{children:(o?.people??[]).map(u=>l("li",{children:[l(de,{id:u.id,name:u.
name}),l("span",{class:"here-name",children:u.name}),u.id===n.me.value.id&&l("span",{class:"count",children:"you"})]},u.id))}),o&&o.count>o.people.length&&l("p",
{class:"count",children:["and ",o.count-o.people.length," more"]}),!o&&l("p",{class:"count",children:"There is no connection just now."})]})]})}function mi(n,e){let t=[],i=new Set,o,r;for(let s of n){let a=s.at===void 0?o?.date??"":e.date(s.at);if(!o||a!==o.date){let d=i.has(a)?`${a} ${s.id}`:a;i.add(d),
o={id:d,date:a,messages:[]},t.push(o),r=void 0}let u=r!==void 0&&jo(r.said,s);r&&(r.last=!u),r={said:s,first:!u,last:!0},o.messages.push(r)}return t}function jo(n,e){
return n.by!==e.by?!1:n.at===void 0||e.at===void 0?n.at===e.at:e.at-n.at<=3e5}var st=class{dates;clock;known=new Map;constructor(e){let t=e===void 0?{}:{timeZone:e};
this.dates=new Intl.DateTimeFormat("en-CA",{...t,year:"numeric",month:"2-digit",day:"2-digit"}),this.clock=new Intl.DateTimeFormat("en-GB",{...t,hour:"2-digit",
minute:"2-digit",hourCycle:"h23"})}date(e){let t=Math.floor(e/9e5),i=this.known.get(t);if(i===void 0){let o=new Map(this.dates.formatToParts(e).map(r=>[r.type,r.
value]));i=`${o.get("year")}-${o.get("month")}-${o.get("day")}`,this.known.set(t,i)}return i}time(e){return this.clock.format(e)}name(e,t){if(e===this.date(t))return"\
Today";let i=Date.parse(`${this.date(t)}T12:00:00Z`);return e===new Date(i-864e5).toISOString().slice(0,10)?"Yesterday":pi(e)}moment(e){return`${pi(this.date(e))}\
, ${this.time(e)}`}},Uo=new Intl.DateTimeFormat("en-GB",{timeZone:"UTC",weekday:"long",day:"numeric",month:"long",year:"numeric"});function pi(n){let e=new Map(
Uo.formatToParts(Date.parse(`${n}T12:00:00Z`)).map(t=>[t.type,t.value]));return`${e.get("weekday")}, ${e.get("day")} ${e.get("month")} ${e.get("year")}`}var vi=new WeakMap;function yi(n,e,t){let i=[],o=new Set;for(let r of n.messages){let s=r.by===t;s&&r.key!==void 0&&o.add(r.key),i.push(gi(r,()=>Bo(r,s)))}if(n.
later)return i;for(let r of e)r.room!==n.id||o.has(r.key)||i.push(gi(r,()=>({id:r.key,by:t,at:r.at,text:r.text,mine:!0,entry:r})));return i}function Bo(n,e){return{
id:e&&n.key!==void 0?n.key:`m${n.number}`,by:n.by,at:n.at,text:n.text,mine:e,message:n}}function gi(n,e){let t=vi.get(n);return t||vi.set(n,t=e()),t}var at=class{stuck=!0;box;anchor=null;constructor(e){this.box=e}note(){this.stuck=this.toEnd()<=48;let e=this.messageAt(this.box.getBoundingClientRect().top);this.
anchor=e&&{element:e,id:e.id,top:bi(e)}}restore(){if(this.stuck){this.end();return}let{anchor:e}=this;if(!e)return;let t=e.element.isConnected?e.element:this.box.
querySelector(`#${CSS.escape(e.id)}`);if(!t)return;let i=bi(t)-e.top;Math.abs(i)>=.5&&(this.box.scrollTop+=i)}end(){this.box.scrollTop=this.box.scrollHeight,this.
stuck=!0}centre(e){let t=this.box.getBoundingClientRect(),i=e.getBoundingClientRect();this.box.scrollTop+=i.top-t.top-Math.max(0,(t.height-i.height)/2),this.note()}fromStart(){
return this.box.scrollTop}toEnd(){return this.box.scrollHeight-this.box.clientHeight-this.box.scrollTop}get height(){return this.box.clientHeight}middle(){let e=this.
box.getBoundingClientRect(),t=this.messageAt(e.top+e.height/2),i=Number(t?.dataset.number);return Number.isNaN(i)?void 0:i}messageAt(e){let t=this.box.querySelectorAll(
".message"),i=0,o=t.length;for(;i<o;){let r=i+o>>1,s=t[r];s&&s.getBoundingClientRect().bottom>e?o=r:i=r+1}return t[i]??null}};function bi(n){return(n.querySelector(
".bubble")??n).getBoundingClientRect().top}function _i({path:n}){let e=I(""),t=`${location.origin}${n}`,i=async()=>e.value=await Bt(t)?"done":"failed";return l("div",{class:"empty",children:[l("p",{children:"\
Nothing here yet. Say hello, or send this link to someone."}),l("button",{class:"button quiet",type:"button",onClick:()=>{i()},children:[l(w,{name:e.value==="do\
ne"?"check":"link"}),e.value==="done"?"Copied":"Copy link"]}),e.value==="failed"&&l("p",{class:"count",children:t})]})}var qo=new RegExp("^(?:(?:\\p{Regional_Indicator}{2}|[0-9#*]\\uFE0F?\\u20E3|(?:\\p{Emoji_Presentation}\\uFE0F?|\\p{Extended_Pictographic}\\uFE0F)[\\u{1F3FB}-\\u{1F3FF}\\u\
{E0020}-\\u{E007F}]*(?:\\u200D\\p{Extended_Pictographic}\\uFE0F?[\\u{1F3FB}-\\u{1F3FF}]?)*)\\s*){1,6}$","u");function wi(n){return n.length<=100&&qo.test(n.trim())}var ki=8;function xi({client:n,item:e,close:t,link:i}){let o=N(null),r=I(!1),s=I(!1);Vo(o,t),Y(()=>{Wo(o.current,s),o.current?.querySelector("button")?.focus({preventScroll:!0})},
[r.value,s]);let{message:a}=e;if(!a)return null;let u={class:s.value?"menu up":"menu",ref:o,onKeyDown:h=>zo(h,o,t)};if(r.value)return l("div",{...u,role:"group",
"aria-label":"Delete this message?",children:l(Ko,{client:n,message:a,close:t})});let d=h=>()=>{h(),t()};return l("div",{...u,role:"menu",children:[e.mine&&l("b\
utton",{class:"menu-item",type:"button",role:"menuitem",onClick:d(()=>n.edit(a)),children:[l(w,{name:"edit"})," Edit"]}),l("button",{class:"menu-item",type:"but\
ton",role:"menuitem",onClick:d(()=>{Je(e.text,"The text is copied.")}),children:[l(w,{name:"copy"})," Copy text"]}),l("button",{class:"menu-item",type:"button",
role:"menuitem",onClick:d(()=>i(e)),children:[l(w,{name:"link"})," Copy link"]}),n.mayDelete(a)&&l("button",{class:"menu-item danger",type:"button",role:"menuit\
em",onClick:()=>r.value=!0,children:[l(w,{name:"trash"})," Delete"]})]})}function Ko({client:n,message:e,close:t}){return l(x,{children:[l("p",{class:"menu-word\
s",children:"Delete this message?"}),l("div",{class:"menu-line",children:[l("button",{class:"button danger small",type:"button",onClick:()=>{n.delete(e.number),
t()},children:"Delete"}),l("button",{class:"button quiet small",type:"button",onClick:t,children:"Keep"})]})]})}function Ei(n){return n.current?.parentElement?.
querySelector(".more")}function Wo(n,e){let t=n?.closest(".scroll")?.getBoundingClientRect();if(!n||!t)return;n.style.removeProperty("transform");let i=n.getBoundingClientRect(),
o=Math.max(0,i.right+ki-t.right)-Math.max(0,t.left+ki-i.left);o!==0&&n.style.setProperty("transform",`translateX(${-o}px)`),e.peek()||(e.value=i.bottom>t.bottom&&
i.top-t.top>i.height)}function Vo(n,e){Y(()=>{let t=n.current,i=Ei(n),o=r=>{r.target instanceof Node&&!t?.parentElement?.contains(r.target)&&e()};return document.
addEventListener("pointerdown",o),()=>{document.removeEventListener("pointerdown",o);let{activeElement:r}=document;(r===document.body||t?.contains(r))&&i?.focus(
{preventScroll:!0})}},[n,e])}function zo(n,e,t){let i=[...e.current?.querySelectorAll("button")??[]],o=i.indexOf(n.target),r={ArrowDown:o+1,ArrowUp:o-1,Home:0,End:i.
length-1}[n.key];if(r!==void 0)i.at(r%i.length)?.focus({preventScroll:!0});else if(n.key==="Escape")Ei(e)?.focus({preventScroll:!0}),t();else if(n.key==="Tab")t();else
return;n.stopPropagation(),n.key!=="Tab"&&n.preventDefault()}var Go=/(?<![a-zA-Z0-9])[hH][tT][tT][pP][sS]?:\/\/[^\p{White_Space}\p{Cc}\p{Cf}<>"`\\。，、；：！？「」『』（）《》【】“”«»‹›]*/gu,Jo=/^[a-zA-Z]+:\/\/[\p{L}\p{N}[][^/?#@]*(?:[/?#]|$)/u,
Yo=new Set(".,;:!?'*_~…"),Zo={")":"(","]":"[","}":"{"};function Si(n){let e=[],t=0;for(let i of n.matchAll(Go)){let o=Xo(i[0]);!Jo.test(o)||Array.from(o).length>
2048||(i.index>t&&e.push({text:n.slice(t,i.index)}),e.push({text:o,href:o}),t=i.index+o.length)}return t<n.length&&e.push({text:n.slice(t)}),e}function Xo(n){let e=new Map;
for(let i of n)e.set(i,(e.get(i)??0)+1);let t=n.length;for(;t>0;t--){let i=n.charAt(t-1),o=Zo[i];if(o!==void 0){let r=e.get(i)??0;if(r<=(e.get(o)??0))break;e.set(
i,r-1)}else if(!Yo.has(i))break}return n.slice(0,t)}function Ti({text:n}){return l("div",{class:"text",children:Si(n).map(e=>e.href===void 0?e.text:l("a",{href:e.href,rel:"noopener noreferrer nofollow",target:"_b\
lank",children:e.text}))})}function Ci({entry:n,client:e}){let{trouble:t}=n;if(!t)return null;let i=e.trouble.value==="ended",o=i||t.code==="network"||t.message==="";return l("p",{class:"\
unsent",children:[l("span",{class:"reason",children:[l(w,{name:"alert"})," ",o?"Not sent.":`Not sent: ${t.message}`]}),t.retry&&!i?l("button",{class:"text-butto\
n",type:"button","data-testid":"retry",onClick:()=>e.retry(n.key),children:"Retry"}):l(Pi,{entry:n,client:e})]})}function Pi({entry:n,client:e}){return l(x,{children:[
l("button",{class:"text-button",type:"button","data-testid":"restore",onClick:()=>li(e,n),children:"Restore"}),l("button",{class:"text-button",type:"button","da\
ta-testid":"discard",onClick:()=>e.discard(n.key),children:"Discard"})]})}function Ri({client:n}){let[e,...t]=n.stranded.value;return e?l("div",{class:"stranded",
role:"group","aria-label":"Messages to rooms that are gone",children:[l("p",{class:"unsent",children:[l("span",{class:"reason",children:[l(w,{name:"alert"})," N\
ot sent",e.name!==void 0&&l(x,{children:[" to ",l("bdi",{children:e.name})]}),": ",e.trouble?.message," ",t.length>0&&`And ${t.length} more.`]}),l(Pi,{entry:e,client:n})]}),
l("p",{class:"stranded-text",children:e.text})]}):null}function Mi(n){let{item:e,client:t,calendar:i,open:o}=n,{message:r,entry:s}=e,a=e.mine?"You":t.people.name(e.by),u=s===void 0||s.sent?"":s.trouble?"failed":"pen\
ding",d=r!==void 0&&t.editing.value?.number===r.number,h=g=>{!(g.target instanceof Element&&g.target.closest("a, button")!==null)&&matchMedia("(hover: none)").matches&&
getSelection()?.isCollapsed!==!1&&o(n.menu?null:e.id)},b=["message",e.mine&&"mine",n.first&&"first",n.last&&"last",n.lit&&"target",d&&"editing",n.menu&&"selecte\
d",wi(e.text)&&"emoji",u];return l("article",{class:b.filter(Boolean).join(" "),id:r?`m${r.number}`:`k${e.id}`,"data-testid":"message","data-number":r?.number??
s?.number,"data-state":u===""?void 0:u,children:[!e.mine&&n.first&&l(de,{id:e.by,name:a}),l("header",{class:"by",children:[l("span",{class:e.mine||!n.first?"nam\
e sr":`name ${rt(e.by)}`,children:a})," ",e.at!==void 0&&l("time",{class:"time",dateTime:new Date(e.at).toISOString(),title:i.moment(e.at),children:i.time(e.at)})]}),
l("div",{class:"bubble",onClick:h,children:[l(Ti,{text:e.text}),r?.edited!==void 0&&l("span",{class:"edited",children:"edited"}),u==="pending"&&l("span",{class:"\
clock",children:[l(w,{name:"clock"}),l("span",{class:"sr",children:"Sending"})]}),r&&l(Qo,{...n,name:a})]}),s?.trouble&&l(Ci,{entry:s,client:t})]})}function Qo(n){
let{item:e,open:t}=n;return l("div",{class:"tools","aria-live":"off",children:[l("button",{class:"more",type:"button",tabIndex:n.current?0:-1,"data-id":e.id,"ar\
ia-haspopup":"menu","aria-expanded":n.menu,"aria-label":e.mine?"More about your message":`More about ${n.name}'s message`,onClick:()=>t(n.menu?null:e.id),children:l(
w,{name:"more"})}),n.menu&&e.message&&l(xi,{client:n.client,item:e,close:()=>t(null),link:n.link})]})}var tr=2500,nr=1.5,ir=40,lt=new st,ut=class extends G{box=null;list=null;scroller=null;sizes=null;shown=null;away=f(!1);missed=f(0);newest=0;lit=f(null);current=f(
null);menu=f(null);litTimer;speakTimer;componentDidMount(){!this.box||!this.list||(this.scroller=new at(this.box),this.newest=this.props.room.view.peek().newest,
this.settle(),this.sizes=new ResizeObserver(()=>{this.scroller?.restore(),this.fill()}),this.sizes.observe(this.box),this.sizes.observe(this.list))}componentWillUnmount(){
this.sizes?.disconnect(),clearTimeout(this.litTimer),clearTimeout(this.speakTimer)}getSnapshotBeforeUpdate(){return this.scroller?.note(),this.hush(),this.list?.
contains(document.activeElement)&&document.activeElement?.closest(".message")||null}componentDidUpdate(e,t,i){this.settle(),i&&!i.isConnected&&document.activeElement===
document.body&&this.handOn(Number(i.dataset.number))}handOn(e){let t=[...this.box?.querySelectorAll(".message[data-number] .more")??[]],i=t.find(o=>Number(o.closest(
".message")?.dataset.number)>e)??t.at(-1);i&&(this.current.value=i.dataset.id??null),(i??this.box)?.focus({preventScroll:!0})}hush(){let e=this.shown,t=this.props.
room.view.peek();if(e===t||!e)return;let i=e.messages.at(-1)?.number??0,o=e.messages[0]?.number??0;t.newest>e.newest&&!e.later&&!t.later&&(t.messages[0]?.number??
0)>=o&&(t.messages.at(-1)?.number??0)>=i||(this.list?.setAttribute("aria-live","off"),clearTimeout(this.speakTimer),this.speakTimer=setTimeout(()=>this.list?.setAttribute(
"aria-live","polite"),500))}settle(){let{scroller:e}=this,{room:t}=this.props;if(!e)return;this.shown=t.view.peek();let i=t.target.peek();i==="newest"?e.end():i!==
null?this.light(i,e):e.restore(),t.target.value=null,this.moved();let{messages:o}=this.shown;o.length>400+ir&&t.trim(t.reading??this.shown.newest)}light(e,t){let i=this.
shown?.messages.find(r=>r.number>=e),o=i&&this.box?.querySelector(`#m${i.number}`);if(!o){t.end();return}t.centre(o),i.number===e&&(this.lit.value=e,clearTimeout(
this.litTimer),this.litTimer=setTimeout(()=>this.lit.value=null,tr))}moved(){let{scroller:e}=this,{room:t}=this.props;if(!e)return;e.note();let i=t.view.peek(),
o=e.stuck&&!i.later;t.reading=o?void 0:e.middle(),o&&(this.newest=i.newest),this.missed.value=Math.max(0,i.newest-this.newest),this.away.value=!o&&(i.later||this.
missed.value>0||e.toEnd()>e.height/2),this.fill()}fill(){let{scroller:e}=this,{room:t}=this.props;if(!e)return;let i=e.height*nr,o=t.view.peek();o.earlier&&e.fromStart()<
i&&t.load("before"),o.later&&e.toEnd()<i&&t.load("after")}keyed=e=>{let t={ArrowUp:-1,ArrowDown:1}[e.key];if(t===void 0||!(e.target instanceof HTMLElement)||!e.
target.matches(".more")||!this.box)return;let i=[...this.box.querySelectorAll(".more")],o=i[i.indexOf(e.target)+t];o&&(e.preventDefault(),this.current.value=o.dataset.
id??null,o.focus())};link=e=>{let{client:t,room:i}=this.props;if(!e.message)return;let o=jn(i.view.peek().info.name,t.me.peek().name,e.message.number);Je(location.
origin+o,"The link is copied.")};open=e=>{this.menu.value=e,e!==null&&(this.current.value=e)};render({client:e,room:t}){let i=t.view.value,o=t.target.value!==null,
r=yi(i,e.entries.value,e.me.value.id),s=this.current.value!==null&&r.some(a=>a.id===this.current.value)?this.current.value:r.at(-1)?.id;return l(x,{children:[l(
"div",{class:o?"scroll going":"scroll",tabIndex:0,role:"region","aria-label":"Messages",ref:a=>{this.box=a},onScroll:()=>this.moved(),onKeyDown:this.keyed,children:l(
"div",{class:"log",role:"log","aria-live":"polite","aria-relevant":"additions",ref:a=>{this.list=a},children:[r.length===0&&!i.earlier&&!i.later&&l(_i,{path:e.path(
i.info.name)}),r.length>0&&l("p",{class:"edge",children:i.earlier?"Earlier messages…":`This is the beginning of ${i.info.name}.`}),mi(r,lt).map(a=>l("section",
{class:"day","aria-label":a.date===""?"Some time ago":lt.name(a.date,Date.now()),children:[a.date!==""&&l("h2",{class:"day-line",children:l("time",{dateTime:a.date,
children:lt.name(a.date,Date.now())})}),a.messages.map(({said:u,first:d,last:h})=>l(Mi,{item:u,first:d,last:h,client:e,calendar:lt,lit:u.message!==void 0&&u.message.
number===this.lit.value,current:u.id===s,menu:u.id===this.menu.value,open:this.open,link:this.link},u.id))]},a.id))]})}),l(or,{away:this.away,missed:this.missed,
go:()=>e.toNewest()})]})}};function or({away:n,missed:e,go:t}){return n.value?l("div",{class:"jump-line",children:l("button",{class:"jump",type:"button","data-t\
estid":"jump",onClick:t,children:[l(w,{name:"down"}),"Jump to newest",e.value>0&&l("span",{class:"pill",children:e.value>99?"99+":e.value}),l("span",{class:"sr",
children:e.value>0?"new messages":""})]})}):null}function Ai({client:n,close:e}){let t=n.me.value,i=(t.kind??"guest")==="guest",o=N(null),r=n.room.value.id;return Y(()=>rr(o.current),[r]),l("aside",{class:"sid\
e",id:"rooms",children:[l("div",{class:"side-head",children:[l("a",{class:"wordmark",href:"/",children:[l("span",{class:"mark","aria-hidden":"true"}),"Parley"]}),
l("button",{class:"icon-button side-close",type:"button",onClick:e,children:[l(w,{name:"close"}),l("span",{class:"sr",children:"Close the list of rooms"})]})]}),
l(sr,{client:n,close:e}),l("nav",{class:"rooms","aria-label":"Rooms","data-testid":"room-list",ref:o,children:[l(Li,{title:"My rooms",rooms:n.mine.value.rooms,client:n,
close:e}),l(Li,{title:"Other rooms",rooms:n.others.value,client:n,close:e})]}),l("div",{class:"me",children:[l(de,{id:t.id,name:t.name}),l("div",{class:"me-word\
s",children:[l("span",{class:"me-name",children:t.name}),i&&l("span",{class:"me-hint",children:"Your name is kept by this browser's cookie only."})]}),l("form",
{method:"post",action:"/-/sign-out",children:l("button",{class:"button quiet small",children:i?"Leave":"Sign out"})})]})]})}function rr(n){let e=n?.getBoundingClientRect(),
t=n?.querySelector("[aria-current]")?.getBoundingClientRect();!n||!e||!t||(t.bottom>e.bottom||t.top<e.top)&&(n.scrollTop+=t.top-e.top-(e.height-t.height)/2)}function Li({
title:n,rooms:e,client:t,close:i}){let o=t.room.value.id;if(e.length===0)return null;let r=s=>a=>{a.ctrlKey||a.metaKey||a.shiftKey||a.altKey||a.button!==0||(a.preventDefault(),
i(),t.go(s,{push:!0}))};return l(x,{children:[l("h2",{children:n}),l("ul",{children:e.map(s=>l("li",{children:l("a",{class:"room-link",href:t.path(s.name),"aria\
-current":s.id===o?"page":void 0,"data-room":s.id,onClick:r(s),children:[l("span",{class:"room-name",children:s.name}),t.failed.value.has(s.id)&&l("span",{class:"\
room-failed",children:[l(w,{name:"alert"}),l("span",{class:"sr",children:", a message was not sent"})]})]})},s.id))})]})}function sr({client:n,close:e}){let t=I(
""),i=I(!1),o=N(null),r=async s=>{let a=o.current;if(!a)return;s.preventDefault();let u=a.value.trim();if(!(u===""||i.value)){i.value=!0;try{await n.join(u),t.value=
"",a.value="",e()}catch(d){t.value=d instanceof O?d.message:"There is no connection just now. Try again.",a.focus()}finally{i.value=!1}}};return l("form",{class:"\
find",method:"post",action:"/",onSubmit:s=>{r(s)},children:[l("input",{type:"hidden",name:"username",value:n.me.value.name}),l("label",{class:"sr",for:"find",children:"\
Join or make a room"}),l("input",{ref:o,id:"find",name:"room",placeholder:"Join or make a room",autocomplete:"off",required:!0,"aria-invalid":t.value?!0:void 0,
"aria-describedby":t.value?"find-error":void 0,onInput:()=>t.value=""}),l("button",{class:"button quiet",children:"Go"}),t.value&&l("p",{class:"error",id:"find-\
error",role:"alert",children:t.value})]})}function Oi({client:n,room:e}){let t=e.typing.value.map(i=>n.people.name(i));return l("p",{class:"typing","data-testid":"typing",children:t.length>0&&l(x,{children:[
l("span",{class:"dots","aria-hidden":"true"}),ar(t)]})})}function ar([n,e,...t]){return e===void 0?l(x,{children:[l("bdi",{children:n})," is typing…"]}):t.length===
0?l(x,{children:[l("bdi",{children:n})," and ",l("bdi",{children:e})," are typing…"]}):"Several people are typing…"}function Ii({client:n,room:e}){let t=lr(
n,e);return l("p",{class:t?"status grave":"status","data-testid":"status",role:"status",children:t||xe.value||ur(n)})}function lr(n,e){return n.trouble.value===
"ended"?l(x,{children:["Your session has ended. ",l("a",{href:`/?room=${encodeURIComponent(e.view.value.info.name)}`,children:"Join again"})]}):e.gone.value?"Th\
is room is gone.":""}function ur(n){switch(n.trouble.value){case"waiting":return ze.value?"Reconnecting… Keep this page open until what you wrote is sent.":"R\
econnecting…";case"offline":return ze.value?"You are offline. Keep this page open: what you write is sent when you are back.":"You are offline. What you write\
 is sent when you are back.";default:return""}}var cr="(min-width: 900px)";function Di({client:n}){let e=I(!1),t=N(null),i=n.room.value,o=()=>e.value=!1;return ve(()=>e.value?dr(t.current,o):void 0,[e.value]),
l("div",{class:e.value?"app side-open":"app",ref:t,children:[l(Ai,{client:n,close:o}),e.value&&l("button",{class:"shade",type:"button",tabIndex:-1,"aria-label":"\
Close the list of rooms",onClick:o}),l("main",{class:"main",inert:e.value,children:[l(fi,{client:n,room:i,sideOpen:e.value,openRooms:()=>e.value=!0}),l(ut,{client:n,
room:i},i.id),l("div",{class:"foot-line",children:[l(Oi,{client:n,room:i}),l(Ii,{client:n,room:i})]}),l(Ri,{client:n}),l(di,{client:n,room:i},i.id)]})]})}function dr(n,e){
let t=matchMedia(cr),i=o=>o.key==="Escape"&&e();return n?.querySelector(".side-close")?.focus({preventScroll:!0}),addEventListener("keydown",i),t.addEventListener(
"change",e),()=>{removeEventListener("keydown",i),t.removeEventListener("change",e);let{activeElement:o}=document;(o===document.body||o?.closest(".side"))&&n?.querySelector(
".to-rooms")?.focus({preventScroll:!0})}}var Ee=document.getElementById("app"),$i=document.getElementById("boot");if(Ee&&$i?.textContent){let n=ci(Ee),e=Nn($i.textContent),t=e.hello.me?.user.id??"",i=new ot(
{user:t,databases:()=>indexedDB,bell:new BroadcastChannel(`parley/kept/${t}`),earlier:()=>localStorage,merge:Wn,failed:ri});addEventListener("pageshow",u=>u.persisted&&
i.refresh()),await i.ready;let o=new nt(e,i),{sent:r,text:s,focused:a}=n();o.drafts.add(o.room.peek().id,s),Ee.replaceChildren(),cn(l(Di,{client:o}),Ee),a&&Ee.querySelector(
"textarea")?.focus({preventScroll:!0});for(let u of r)o.send(zt(u));q(()=>{let{info:u}=o.room.value.view.value,d=o.unseen.value;document.title=`${d>0?`(${d}) `:
""}${u.name} · Parley`}),o.start()}
